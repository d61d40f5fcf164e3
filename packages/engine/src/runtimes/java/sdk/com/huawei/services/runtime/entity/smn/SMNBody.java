package com.huawei.services.runtime.entity.smn;

/** What a notification says. Declarations only. */
public abstract class SMNBody {
  public abstract String getTopicUrn();

  public abstract String getTimeStamp();

  public abstract String getMessageId();

  public abstract String getType();

  public abstract String getMessage();

  public abstract String getSubject();
}
