package com.huawei.services.runtime.entity.smn;

/** One notification of an {@link SMNTriggerEvent}. Declarations only. */
public abstract class SMNRecord {
  public abstract String getEventVersion();

  public abstract String getEventSubscriptionUrn();

  public abstract String getEventSource();

  public abstract SMNBody getSmn();
}
