package com.huawei.services.runtime.entity.timer;

/** The event of a timer trigger; the platform fills it from JSON. Declarations only. */
public abstract class TimerTriggerEvent {
  public abstract String getVersion();

  public abstract String getTime();

  public abstract String getTriggerType();

  public abstract String getTriggerName();

  /** What the user wrote into the trigger's additional information. */
  public abstract String getUserEvent();
}
