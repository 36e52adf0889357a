package dev.longhaul.packaged;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The packaged application in a separate process, started by {@code java -jar}. */
final class RunningServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final URI url;
  private final Path log;

  private RunningServer(Process process, URI url, Path log) {
    this.process = process;
    this.url = url;
    this.log = log;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param directory its working directory, where longhaul-data and server.log go
   * @param port the port it shall serve, 0 for a free one
   * @param environment what the process gets besides the test's own environment
   * @param arguments of the application
   */
  static RunningServer start(
      Path directory, int port, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(jar(), directory, port, environment, arguments);
  }

  /**
   * Starts another build.
   *
   * @param jar its runnable jar
   */
  static RunningServer start(
      Path jar, Path directory, int port, Map<String, String> environment, String... arguments)
      throws IOException {
    int chosen = port == 0 ? freePort() : port;
    Path log = directory.resolve("server.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-jar");
    command.add(jar.toString());
    command.add("--server.port=" + chosen);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    var server = new RunningServer(builder.start(), URI.create("http://localhost:" + chosen), log);
    try {
      Awaitility.await()
          .atMost(START_LIMIT)
          .pollInterval(Duration.ofMillis(200))
          .until(server::readyOrDead);
      if (!server.process.isAlive()) {
        throw new IllegalStateException("The server did not start:\n" + Files.readString(log));
      }
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The runnable jar of this build. */
  static Path jar() {
    Path jar = Path.of(System.getProperty("longhaul.exec-jar", ""));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "There is no runnable jar at '" + jar + "'. Run these tests with ./mvnw verify.");
    }
    return jar;
  }

  URI url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private boolean readyOrDead() {
    if (!process.isAlive()) {
      return true;
    }
    try {
      var request =
          HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
