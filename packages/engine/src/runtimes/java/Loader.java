package packline;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs inside the sandbox: loads a handler as the platform does and answers in one line, and in a
 * second one what came of calling it where a test event follows the token. Arguments: where the
 * platform's classes lie (jars and folders), the handler's class, its method, and, where
 * there is one, "initializer=" and that method. The working folder is the unpacked package.
 */
public final class Loader {
  private static final String CONTEXT = "com.huawei.services.runtime.Context";
  private static final int MESSAGE_CHARS_MAX = 3000;

  public static void main(String[] arguments) throws Exception {
    // The code under test may put another stream into its place.
    PrintStream out = System.out;
    String[] input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
    // The token comes by the input, as the code under test could read it from the environment.
    Loader loader = new Loader(out, input[0]);
    try {
      loader.load(arguments[0], arguments[1], List.of(arguments).subList(2, arguments.length));
      loader.tell("{\"ok\":true}");
      if (input.length > 1) loader.tell("{\"called\":{" + loader.call(input[1]) + "}}");
    } catch (Throwable error) {
      loader.tell("{" + refusal(error) + "}");
    }
    // Threads that the code under test started would keep this process alive; hooks may hang.
    Runtime.getRuntime().halt(0);
  }

  private final PrintStream out;
  private final String token;
  private Class<?> type;
  private Method handler;
  private Method initializer;

  private Loader(PrintStream out, String token) {
    this.out = out;
    this.token = token;
  }

  private void tell(String answer) {
    System.out.flush();
    byte[] line = ("\n" + token + " " + answer + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  private String call(String event) {
    try {
      return new Caller(type, event).call(handler, initializer);
    } catch (Throwable error) {
      return refusal(error);
    }
  }

  /** Class and instance are made, as the platform does when it starts. */
  private void load(String sdk, String className, List<String> methods) throws Exception {
    List<URL> declarations = new ArrayList<>();
    for (String place : sdk.split(File.pathSeparator)) declarations.add(new File(place).toURI().toURL());
    ClassLoader platform = new URLClassLoader(
        declarations.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    URLClassLoader loader = new URLClassLoader(codeUrls(), platform);
    Thread.currentThread().setContextClassLoader(loader);
    type = Class.forName(className, true, loader);
    Method[] all = type.getMethods();
    boolean needsInstance = false;
    for (String name : methods) {
      boolean isInitializer = name.startsWith("initializer=");
      String bare = isInitializer ? name.substring("initializer=".length()) : name;
      List<Method> named = new ArrayList<>();
      for (Method method : all) if (method.getName().equals(bare)) named.add(method);
      if (named.isEmpty()) throw new Fault("noMethod", type.getName(), bare);
      Method fitting = null;
      for (Method method : named) if (fits(method, isInitializer)) fitting = method;
      if (fitting == null) throw unfit(named.get(0), isInitializer);
      if (isInitializer) initializer = fitting;
      else handler = fitting;
      needsInstance |= !Modifier.isStatic(fitting.getModifiers());
    }
    if (needsInstance) construct(type);
  }

  /** The package's own classes, for a jar that is the package, and every jar at its root. */
  private static URL[] codeUrls() throws IOException {
    File root = new File("").getAbsoluteFile();
    List<URL> urls = new ArrayList<>();
    urls.add(root.toURI().toURL());
    File[] files = root.listFiles((folder, name) -> name.endsWith(".jar"));
    Arrays.sort(files);
    for (File file : files) urls.add(file.toURI().toURL());
    return urls.toArray(new URL[0]);
  }

  /** Handler: one event, then the context. Initializer: the context. Either may leave it out. */
  private static boolean fits(Method method, boolean initializer) {
    Class<?>[] given = method.getParameterTypes();
    int events = initializer ? 0 : 1;
    if (given.length > events + 1) return false;
    if (given.length <= events) return true;
    // Object takes the context as well, without the platform's classes at compile time.
    return given[events].getName().equals(CONTEXT) || given[events] == Object.class;
  }

  private static Fault unfit(Method method, boolean initializer) {
    String taken = Stream.of(method.getParameterTypes())
        .map(Class::getTypeName).collect(Collectors.joining(", "));
    String given = initializer ? "Context" : "event, Context";
    return new Fault("wrongParameters", method.getName(), taken, given);
  }

  private static void construct(Class<?> type) throws Exception {
    if (Modifier.isAbstract(type.getModifiers())) throw new Fault("abstractClass", type.getName());
    Constructor<?> constructor;
    try {
      constructor = type.getConstructor();
    } catch (NoSuchMethodException none) {
      throw new Fault("noConstructor", type.getName());
    }
    constructor.newInstance();
  }

  /** The first cause that says something; classes are named with dots. */
  private static String refusal(Throwable error) {
    Throwable cause = error;
    boolean wrapped = true;
    while (wrapped && cause.getCause() != null) {
      wrapped = cause instanceof InvocationTargetException
          || cause instanceof ExceptionInInitializerError;
      if (wrapped) cause = cause.getCause();
    }
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
      return new Fault("missingClass", said.replace('/', '.')).members();
    }
    if (cause instanceof Fault) return ((Fault) cause).members();
    String place = "";
    for (StackTraceElement frame : cause.getStackTrace()) {
      if (frame.getClassLoaderName() != null || frame.getModuleName() != null) continue;
      place = " (at " + frame + ")";
      break;
    }
    String whole = cause.getClass().getName() + ": " + said + place;
    String cut = whole.substring(0, Math.min(whole.length(), MESSAGE_CHARS_MAX));
    return "\"ok\":false,\"message\":" + Json.write(cut);
  }
}
