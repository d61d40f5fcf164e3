package com.huawei.services.runtime.entity.lts;

/** The event of a log service trigger; the platform fills it. Declarations only. */
public abstract class LTSTriggerEvent {
  public abstract LTSBody getLts();
}
