package com.huawei.services.runtime.entity.apig;

import java.util.Map;

/** The event of an API gateway trigger; the platform fills it from JSON. Declarations only. */
public abstract class APIGTriggerEvent {
  public abstract boolean isBase64Encoded();

  public abstract String getHttpMethod();

  public abstract String getPath();

  public abstract Map<String, String> getPathParameters();

  public abstract Map<String, String> getQueryStringParameters();

  public abstract Map<String, String> getHeaders();

  public abstract String getBody();

  /** The body as it was before it was encoded with Base64. */
  public abstract String getRawBody();

  public abstract String getUserData();
}
