package com.huawei.services.runtime.entity.dms;

/** The event of a message service trigger; the platform fills it. Declarations only. */
public abstract class DMSTriggerEvent {
  public abstract String getQueueId();

  public abstract String getRegion();

  public abstract String getEventType();

  public abstract String getConsumerGroupId();

  public abstract DMSMessage[] getMessages();
}
