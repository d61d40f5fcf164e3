package com.huawei.services.runtime.entity.dis;

/** The records of a {@link DISTriggerEvent}. Declarations only. */
public abstract class DISBody {
  public abstract String getNextPartitionCursor();

  public abstract DISRecord[] getRecords();
}
