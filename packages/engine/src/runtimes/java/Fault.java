package packline;

/** What the loader finds itself, by a code that the worker says in words (texts/faults.ts). */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final Object[] found;

  Fault(String code, Object... found) {
    this.code = code;
    this.found = found;
  }

  /** The members of an answer, without braces. */
  String members() {
    return "\"ok\":false,\"fault\":" + Json.write(code) + ",\"found\":" + Json.write(found);
  }
}
