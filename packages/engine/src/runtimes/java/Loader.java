import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Runs inside the sandbox: loads a handler as the platform does and answers in one line. Arguments:
 * the folder of the platform's declarations, the handler's class, its method, and, where there is
 * one, "initializer=" and that method. The working folder is the unpacked package.
 */
public final class Loader {
  private static final String CONTEXT = "com.huawei.services.runtime.Context";
  private static final int MESSAGE_CHARS_MAX = 3000;

  public static void main(String[] arguments) throws Exception {
    // What the code under test prints, it prints to the real stream: the answer has its token.
    String fault;
    try {
      fault = load(arguments[0], arguments[1], List.of(arguments).subList(2, arguments.length));
    } catch (Throwable error) {
      fault = describe(error);
    }
    String token = System.getenv("PACKLINE_TOKEN");
    String answer = fault == null ? "{\"ok\":true}" : "{\"ok\":false,\"message\":" + json(fault) + "}";
    System.out.flush();
    byte[] line = ("\n" + token + " " + answer + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(line, 0, line.length);
    System.out.flush();
    // Threads that the code under test started would keep this process alive; hooks may hang.
    Runtime.getRuntime().halt(0);
  }

  /** What is wrong, or null. Class and instance are made, as the platform does when it starts. */
  private static String load(String sdk, String className, List<String> methods) throws Exception {
    ClassLoader platform = new Declarations(Path.of(sdk));
    URLClassLoader loader = new URLClassLoader(codeUrls(), platform);
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> type = Class.forName(className, true, loader);
    Method[] all = type.getMethods();
    boolean needsInstance = false;
    for (String name : methods) {
      boolean initializer = name.startsWith("initializer=");
      String bare = initializer ? name.substring("initializer=".length()) : name;
      List<Method> named = new ArrayList<>();
      for (Method method : all) if (method.getName().equals(bare)) named.add(method);
      if (named.isEmpty()) return type.getName() + " has no public method \"" + bare + "\"";
      Method fitting = null;
      for (Method method : named) if (fits(method, initializer)) fitting = method;
      if (fitting == null) return unfit(named.get(0), initializer);
      needsInstance |= !Modifier.isStatic(fitting.getModifiers());
    }
    return needsInstance ? construct(type) : null;
  }

  /** The package's own classes, for a jar that is the package, and every jar at its root. */
  private static URL[] codeUrls() throws IOException {
    File root = new File("").getAbsoluteFile();
    List<URL> urls = new ArrayList<>();
    urls.add(root.toURI().toURL());
    File[] files = root.listFiles((folder, name) -> name.endsWith(".jar"));
    java.util.Arrays.sort(files);
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

  private static String unfit(Method method, boolean initializer) {
    String found = Stream.of(method.getParameterTypes())
        .map(Class::getTypeName).collect(Collectors.joining(", "));
    return method.getName() + " takes (" + found + "); the platform gives "
        + (initializer ? "(Context)" : "(event, Context)");
  }

  private static String construct(Class<?> type) throws Exception {
    if (Modifier.isAbstract(type.getModifiers())) {
      return type.getName() + " is abstract; the platform makes an instance of it";
    }
    Constructor<?> constructor;
    try {
      constructor = type.getConstructor();
    } catch (NoSuchMethodException none) {
      return type.getName() + " has no public constructor without parameters";
    }
    constructor.newInstance();
    return null;
  }

  /** The first cause that says something, in words; classes are named with dots. */
  private static String describe(Throwable error) {
    Throwable cause = error;
    boolean wrapped = true;
    while (wrapped && cause.getCause() != null) {
      wrapped = cause instanceof InvocationTargetException
          || cause instanceof ExceptionInInitializerError;
      if (wrapped) cause = cause.getCause();
    }
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
      return "the class " + said.replace('/', '.') + " is in none of the package's jars";
    }
    String place = "";
    for (StackTraceElement frame : cause.getStackTrace()) {
      if (frame.getClassLoaderName() != null || frame.getModuleName() != null) continue;
      place = " (at " + frame + ")";
      break;
    }
    return cause.getClass().getName() + ": " + said + place;
  }

  private static String json(String text) {
    StringBuilder out = new StringBuilder("\"");
    String cut = text.length() > MESSAGE_CHARS_MAX ? text.substring(0, MESSAGE_CHARS_MAX) : text;
    for (char c : cut.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }

  /**
   * The platform's classes, compiled from their declarations when the first one is asked for:
   * most packages with a fault of their own never get so far.
   */
  private static final class Declarations extends ClassLoader {
    private final Path folder;
    private Map<String, byte[]> compiled;

    Declarations(Path folder) {
      super("platform", ClassLoader.getPlatformClassLoader());
      this.folder = folder;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!name.startsWith("com.huawei.services.runtime.")) throw new ClassNotFoundException(name);
      try {
        if (compiled == null) compiled = compile(folder);
      } catch (IOException error) {
        throw new IllegalStateException("the platform's declarations can not be read", error);
      }
      byte[] bytes = compiled.get(name);
      if (bytes == null) throw new ClassNotFoundException(name);
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private static Map<String, byte[]> compile(Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> outputs = new HashMap<>();
    List<Path> sources;
    try (Stream<Path> found = Files.walk(folder)) {
      sources = found.filter(path -> path.toString().endsWith(".java")).collect(Collectors.toList());
    }
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavaFileManager memory = new ForwardingJavaFileManager<JavaFileManager>(files) {
        @Override
        public JavaFileObject getJavaFileForOutput(
            Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
          return new SimpleJavaFileObject(URI.create("memory:///" + name + ".class"), kind) {
            @Override
            public OutputStream openOutputStream() {
              return outputs.computeIfAbsent(name, key -> new ByteArrayOutputStream());
            }
          };
        }
      };
      List<String> options = List.of("-proc:none", "-nowarn");
      var units = files.getJavaFileObjectsFromPaths(sources);
      if (!compiler.getTask(null, memory, null, options, null, units).call()) {
        throw new IOException("the platform's declarations do not compile");
      }
    }
    Map<String, byte[]> classes = new HashMap<>();
    outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }
}
