package com.huawei.services.runtime.entity.apig;

import java.util.Map;

/** The answer to an API gateway trigger. Declarations only: nothing is kept. */
public class APIGTriggerResponse {
  public APIGTriggerResponse() {}

  public APIGTriggerResponse(int statusCode, Map<String, String> headers, String body) {}

  public int getStatusCode() {
    return 0;
  }

  public void setStatusCode(int statusCode) {}

  public Map<String, String> getHeaders() {
    return null;
  }

  public void setHeaders(Map<String, String> headers) {}

  public void addHeader(String name, String value) {}

  public String getBody() {
    return null;
  }

  public void setBody(String body) {}

  /** Sets the body, encoded with Base64. */
  public void setBase64EncodedBody(String body) {}

  public boolean isBase64Encoded() {
    return false;
  }

  public void setBase64Encoded(boolean base64Encoded) {}
}
