package packline;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Calls a handler that was loaded with a test event, as the platform does, and says in JSON what
 * came of it.
 */
final class Caller {
  /** Longer answers are for a test of the function, not for one of its package. */
  private static final int ANSWER_CHARS_MAX = 32 * 1024;

  private final Class<?> type;
  private final ClassLoader loader;
  private final String event;

  Caller(Class<?> type, String event) {
    this.type = type;
    this.loader = type.getClassLoader();
    this.event = event;
  }

  /** `initializer` may be null. The members of "called", without braces. */
  String call(Method handler, Method initializer) throws Throwable {
    boolean needsInstance = !Modifier.isStatic(handler.getModifiers())
        || (initializer != null && !Modifier.isStatic(initializer.getModifiers()));
    Object target = needsInstance ? type.getConstructor().newInstance() : null;
    if (initializer != null) invoke(initializer, target, 0);
    long started = System.nanoTime();
    Object answer = invoke(handler, target, 1);
    double ms = (System.nanoTime() - started) / 1000 / 1000.0;
    String text = handler.getReturnType() == void.class ? null : Json.write(plain(answer));
    if (text != null && text.length() > ANSWER_CHARS_MAX) {
      throw new Fault("answerTooLong", text.length(), ANSWER_CHARS_MAX);
    }
    return "\"ok\":true" + (text == null ? "" : ",\"answer\":" + text)
        + ",\"ms\":" + ms + ",\"memoryBytes\":" + memoryBytes();
  }

  private Object invoke(Method method, Object target, int events) throws Throwable {
    Class<?>[] wanted = method.getParameterTypes();
    Object[] given = new Object[wanted.length];
    for (int at = 0; at < given.length; at++) {
      given[at] = at < events ? eventAs(wanted[at]) : contextAs(wanted[at]);
    }
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  /** The platform makes of the event's JSON what the handler takes. */
  private Object eventAs(Class<?> wanted) throws Exception {
    Object parsed = Json.read(event);
    if (wanted == String.class) return parsed instanceof String ? parsed : event;
    if (wanted == byte[].class) return event.getBytes(StandardCharsets.UTF_8);
    if (wanted == InputStream.class) {
      return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
    }
    if (parsed == null || wanted.isInstance(parsed)) return parsed;
    if (parsed instanceof Number && (wanted.isPrimitive() || Number.class.isAssignableFrom(wanted))) {
      Number number = (Number) parsed;
      if (wanted == int.class || wanted == Integer.class) return number.intValue();
      if (wanted == long.class || wanted == Long.class) return number.longValue();
      if (wanted == double.class || wanted == Double.class) return number.doubleValue();
    }
    if (parsed instanceof Boolean && wanted == boolean.class) return parsed;
    return eventByLibrary(wanted);
  }

  /** Classes of the function's own are made by the library that it brings for that. */
  private Object eventByLibrary(Class<?> wanted) throws Exception {
    try {
      Class<?> gson = Class.forName("com.google.gson.Gson", true, loader);
      Object maker = gson.getConstructor().newInstance();
      return gson.getMethod("fromJson", String.class, Class.class).invoke(maker, event, wanted);
    } catch (ClassNotFoundException none) {
      // It may bring the other one.
    }
    try {
      Class<?> mapper = Class.forName("com.fasterxml.jackson.databind.ObjectMapper", true, loader);
      Object maker = mapper.getConstructor().newInstance();
      return mapper.getMethod("readValue", String.class, Class.class).invoke(maker, event, wanted);
    } catch (ClassNotFoundException none) {
      throw new Fault("eventNotMade", wanted.getName());
    }
  }

  /** What the platform gives beside the event: all empty. */
  private Object contextAs(Class<?> wanted) throws Exception {
    Class<?> context = wanted.isInterface()
        ? wanted : Class.forName("com.huawei.services.runtime.Context", true, loader);
    return empty(context);
  }

  private Object empty(Class<?> wanted) {
    InvocationHandler handler = (self, method, values) -> {
      Class<?> answer = method.getReturnType();
      if (method.getName().equals("log") && values != null) System.out.println(values[0]);
      if (method.getName().startsWith("getRemainingTime")) return 30_000;
      if (answer == int.class) return 0;
      if (answer == float.class) return 0f;
      if (answer == boolean.class) return false;
      if (answer == String.class) return "";
      return answer.isInterface() ? empty(answer) : null;
    };
    return Proxy.newProxyInstance(wanted.getClassLoader(), new Class<?>[] {wanted}, handler);
  }

  /** What Json can write. */
  private Object plain(Object answer) throws Exception {
    if (answer == null || answer instanceof String || answer instanceof Number
        || answer instanceof Boolean || answer instanceof Map || answer instanceof List
        || answer instanceof Object[]) {
      return answer;
    }
    if (answer instanceof byte[]) return new String((byte[]) answer, StandardCharsets.UTF_8);
    if (answer.getClass().getName().startsWith("com.google.gson.")) return Json.read(answer.toString());
    try {
      Class<?> gson = Class.forName("com.google.gson.Gson", true, loader);
      Object writer = gson.getConstructor().newInstance();
      return Json.read((String) gson.getMethod("toJson", Object.class).invoke(writer, answer));
    } catch (ClassNotFoundException none) {
      return answer.toString();
    }
  }

  private static long memoryBytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
    return 0;
  }
}
