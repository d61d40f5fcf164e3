package com.huawei.services.runtime.entity.dms;

/** One message of a {@link DMSTriggerEvent}. Declarations only. */
public abstract class DMSMessage {
  public abstract String getBody();
}
