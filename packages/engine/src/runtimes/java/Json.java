package packline;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, numbers and truth values: the class library has none of its own. */
final class Json {
  private static final int DEPTH_MAX = 200;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Throws IllegalArgumentException with the place. Whole numbers become Long, others Double. */
  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.skip();
    if (json.at < text.length()) throw json.unexpected();
    return value;
  }

  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out, int depth) {
    if (depth > DEPTH_MAX) throw new Fault("answerTooDeep");
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number) {
      double number = ((Number) value).doubleValue();
      out.append(Double.isNaN(number) || Double.isInfinite(number) ? "null" : value.toString());
    } else if (value instanceof Map) {
      String comma = "";
      out.append('{');
      for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
        quote(String.valueOf(member.getKey()), out.append(comma));
        write(member.getValue(), out.append(':'), depth + 1);
        comma = ",";
      }
      out.append('}');
    } else if (value instanceof Iterable) {
      String comma = "";
      out.append('[');
      for (Object item : (Iterable<?>) value) {
        write(item, out.append(comma), depth + 1);
        comma = ",";
      }
      out.append(']');
    } else if (value.getClass().isArray()) {
      List<Object> items = new ArrayList<>();
      for (int index = 0; index < Array.getLength(value); index++) items.add(Array.get(value, index));
      write(items, out, depth);
    } else {
      quote(value.toString(), out);
    }
  }

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }

  private Object value(int depth) {
    skip();
    if (depth > DEPTH_MAX || at >= text.length()) throw unexpected();
    char c = text.charAt(at);
    if (c == '{') return members(depth);
    if (c == '[') return items(depth);
    if (c == '"') return string();
    if (take("true")) return true;
    if (take("false")) return false;
    if (take("null")) return null;
    return number();
  }

  private Map<String, Object> members(int depth) {
    Map<String, Object> found = new LinkedHashMap<>();
    at++;
    skip();
    if (take("}")) return found;
    do {
      skip();
      String name = string();
      skip();
      if (!take(":")) throw unexpected();
      found.put(name, value(depth + 1));
      skip();
    } while (take(","));
    if (!take("}")) throw unexpected();
    return found;
  }

  private List<Object> items(int depth) {
    List<Object> found = new ArrayList<>();
    at++;
    skip();
    if (take("]")) return found;
    do {
      found.add(value(depth + 1));
      skip();
    } while (take(","));
    if (!take("]")) throw unexpected();
    return found;
  }

  private String string() {
    if (!take("\"")) throw unexpected();
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      int known = "bfnrt".indexOf(escaped);
      if (escaped == 'u') {
        out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
        at += 4;
      } else {
        out.append(known < 0 ? escaped : "\b\f\n\r\t".charAt(known));
      }
    }
    if (!take("\"")) throw unexpected();
    return out.toString();
  }

  private Number number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
    String found = text.substring(start, at);
    try {
      if (found.matches("-?\\d{1,18}")) return Long.valueOf(found);
      return Double.valueOf(found);
    } catch (NumberFormatException none) {
      at = start;
      throw unexpected();
    }
  }

  private boolean take(String wanted) {
    if (!text.startsWith(wanted, at)) return false;
    at += wanted.length();
    return true;
  }

  private void skip() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("this is no JSON at character " + at);
  }
}
