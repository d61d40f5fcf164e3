package com.huawei.services.runtime.entity.smn;

/** The event of a message notification trigger; the platform fills it. Declarations only. */
public abstract class SMNTriggerEvent {
  public abstract SMNRecord[] getRecord();
}
