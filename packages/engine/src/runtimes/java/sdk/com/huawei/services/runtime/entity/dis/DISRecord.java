package com.huawei.services.runtime.entity.dis;

import java.io.UnsupportedEncodingException;

/** One record of a {@link DISBody}. Declarations only. */
public abstract class DISRecord {
  public abstract String getPartitionKey();

  /** Encoded with Base64. */
  public abstract String getData();

  public abstract String getRawData() throws UnsupportedEncodingException;

  public abstract String getSequenceNumber();
}
