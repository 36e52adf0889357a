package dev.longhaul.load;

import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The whole application in a separate process, which may run out of memory. */
public final class LonghaulProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Pattern PORT = Pattern.compile("Tomcat started on port ([0-9]+)");

  private final Process process;
  private final Path log;
  private final String namespace;
  private int port;

  private LonghaulProcess(Process process, Path log, String namespace) {
    this.process = process;
    this.log = log;
    this.namespace = namespace;
  }

  /**
   * Starts a process and waits until it responds.
   *
   * @param options options of the JVM
   * @param arguments settings
   */
  public static LonghaulProcess start(Path directory, List<String> options, List<String> arguments)
      throws IOException {
    return startUnder(List.of(), directory, options, arguments);
  }

  /**
   * Starts a further process of an installation, or a restarted one.
   *
   * @param namespace the namespace of the installation
   */
  public static LonghaulProcess startIn(
      String namespace, Path directory, List<String> options, List<String> arguments)
      throws IOException {
    return startUnder(List.of(), namespace, directory, options, arguments);
  }

  /**
   * Starts a process by another program.
   *
   * @param launcher that program and its arguments, before those of the JVM
   */
  static LonghaulProcess startUnder(
      List<String> launcher, Path directory, List<String> options, List<String> arguments)
      throws IOException {
    return startUnder(launcher, TestRedis.namespace(), directory, options, arguments);
  }

  private static LonghaulProcess startUnder(
      List<String> launcher,
      String namespace,
      Path directory,
      List<String> options,
      List<String> arguments)
      throws IOException {
    Path log = Files.createTempFile(directory, "out", ".log");
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath(),
            LonghaulApplication.class.getName(),
            "--server.port=0",
            "--spring.data.redis.url=" + TestRedis.url(),
            "--longhaul.namespace=" + namespace));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var started = new LonghaulProcess(process, log, namespace);
    try {
      await().atMost(LIMIT).until(started::answers);
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
    return started;
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended: " + said());
    }
    Matcher start = PORT.matcher(said());
    if (!start.find()) {
      return false;
    }
    port = Integer.parseInt(start.group(1));
    return ready();
  }

  // A launcher that loads tests from elsewhere is alone on the class path.
  private static String classPath() {
    return LonghaulProcess.class.getClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs())
            .map(url -> Path.of(URI.create(url.toString())).toString())
            .collect(Collectors.joining(System.getProperty("path.separator")))
        : System.getProperty("java.class.path");
  }

  /** The port of the process. */
  public int port() {
    return port;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  boolean ready() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
              .send(
                  HttpRequest.newBuilder(uri("/actuator/health/readiness"))
                      .timeout(Duration.ofMinutes(1))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String said() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** The namespace of its keys. */
  public String namespace() {
    return namespace;
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
