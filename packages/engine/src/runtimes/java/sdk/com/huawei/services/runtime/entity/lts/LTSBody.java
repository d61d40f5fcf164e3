package com.huawei.services.runtime.entity.lts;

import java.io.UnsupportedEncodingException;

/** What the log service sent. Declarations only. */
public abstract class LTSBody {
  /** Encoded with Base64. */
  public abstract String getData();

  public abstract String getRawData() throws UnsupportedEncodingException;
}
