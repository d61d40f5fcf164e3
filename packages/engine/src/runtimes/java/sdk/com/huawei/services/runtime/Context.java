package com.huawei.services.runtime;

/**
 * What the platform hands to a handler and an initializer beside the event. Declarations only,
 * written from the platform's developer guide, for compiling and for the load check; the platform
 * brings its own and a package never holds this one.
 */
public interface Context {
  String getRequestID();

  /** Milliseconds until the platform ends the invocation. */
  int getRemainingTimeInMilliSeconds();

  /** The function's timeout in seconds. */
  int getRunningTimeInSeconds();

  String getAccessKey();

  String getSecretKey();

  String getSecurityAccessKey();

  String getSecuritySecretKey();

  String getSecurityToken();

  /** The value of an environment variable or encrypted setting of the function. */
  String getUserData(String key);

  String getFunctionName();

  String getVersion();

  /** Mebibytes. */
  int getMemorySize();

  int getCPUNumber();

  String getProjectID();

  /** The group (app) that the function belongs to. */
  String getPackage();

  String getToken();

  String getAlias();

  RuntimeLogger getLogger();
}
