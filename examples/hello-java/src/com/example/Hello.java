package com.example;

import com.huawei.services.runtime.Context;
import java.util.Map;

/** The smallest function: one class, no libraries. Packline has the Context to compile with. */
public class Hello {
  public void initialize(Context context) {}

  public Map<String, Object> handle(Map<String, Object> event, Context context) {
    Object name = event.getOrDefault("name", "世界");
    return Map.of("statusCode", 200, "body", "你好，" + name);
  }
}
