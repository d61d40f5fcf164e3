package com.example;

import java.util.Map;
import org.json.JSONObject;

/** A library from Maven Central. `Object context` takes the platform's Context without its SDK. */
public class Greeting {
  public String handle(Map<String, Object> event, Object context) {
    Object name = event.getOrDefault("name", "世界");
    return new JSONObject().put("greeting", "你好，" + name).toString();
  }
}
