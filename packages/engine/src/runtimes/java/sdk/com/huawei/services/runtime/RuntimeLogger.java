package com.huawei.services.runtime;

/** The platform's log of one invocation. Declarations only, like {@link Context}. */
public interface RuntimeLogger {
  void log(String message);

  void debug(String message);

  void info(String message);

  void warn(String message);

  void error(String message);

  /** Lines below this level are dropped: "debug", "info", "warn" or "error". */
  void setLevel(String level);
}
