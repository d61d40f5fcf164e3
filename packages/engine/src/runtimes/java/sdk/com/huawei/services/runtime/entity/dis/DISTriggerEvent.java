package com.huawei.services.runtime.entity.dis;

/** The event of a data ingestion trigger; the platform fills it. Declarations only. */
public abstract class DISTriggerEvent {
  public abstract String getShardID();

  public abstract DISBody getMessage();

  public abstract String getTag();

  public abstract String getStreamName();
}
