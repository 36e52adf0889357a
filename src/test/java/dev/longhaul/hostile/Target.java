package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.RawConnection;
import dev.longhaul.testing.TestIssuer;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The runnable application in a separate process with a separate Redis, to be attacked. */
final class Target implements AutoCloseable {
  /** The limit of waits: generous, for a busy machine. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  /** The required audience (aud) of tokens. */
  static final String AUDIENCE = "https://hostile.example";

  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final int port;
  private final Path directory;
  private final @Nullable TestIssuer issuer;
  private long read;

  private Target(Process process, int port, Path directory, @Nullable TestIssuer issuer) {
    this.process = process;
    this.port = port;
    this.directory = directory;
    this.issuer = issuer;
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param tools auto-configurations with further tools
   */
  static Target start(
      String heap,
      List<String> jvm,
      List<String> settings,
      List<Class<?>> tools,
      @Nullable TestIssuer issuer)
      throws IOException {
    Path directory = Files.createTempDirectory("hostile");
    Files.createDirectory(directory.resolve("data"));
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvm);
    String classPath = classPath();
    if (!tools.isEmpty()) {
      classPath += File.pathSeparator + copy(tools, directory.resolve("tools"));
    }
    command.addAll(List.of("-cp", classPath, "dev.longhaul.LonghaulApplication"));
    command.add("--server.port=" + port);
    if (issuer != null) {
      command.add("--longhaul.security.oauth.issuer=" + issuer.url());
      command.add("--longhaul.security.oauth.audiences=" + AUDIENCE);
    }
    settings.forEach(setting -> command.add("--" + setting));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start();
    var target = new Target(process, port, directory, issuer);
    try {
      Awaitility.await().atMost(Duration.ofMinutes(5)).until(target::readyOrDead);
      if (!process.isAlive()) {
        throw new IllegalStateException("The server did not start:\n" + target.log());
      }
      return target;
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The directory from which the tools of this process read files. */
  Path data() {
    return directory.resolve("data");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until the process has ended and returns its exit code. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  /** The whole log of the process. */
  String log() throws IOException {
    return Files.readString(directory.resolve("server.log"));
  }

  /** The authorization server of a target that requires tokens. */
  TestIssuer issuer() {
    return Objects.requireNonNull(issuer, "only with @Hostile(authorized = true)");
  }

  /** A connection for requests that no HTTP client would send. */
  RawConnection connect() throws IOException {
    return new RawConnection(port);
  }

  /** Sends a request without authentication; the given headers replace default ones. */
  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String path, String json, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> delete(String path, String... headers) {
    return send(request(path, headers).DELETE());
  }

  /** Submits a call over REST and returns the job's id. */
  String submit(String tool, String arguments) {
    var answer = post("/api/v1/jobs", call(tool, arguments));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("id").asString();
  }

  /** Waits for the end of a job and returns its view over REST. */
  JsonNode awaitEnd(String job) {
    return view(job, "?wait_seconds=50");
  }

  /** Waits for a state of a job and returns its view over REST. */
  JsonNode awaitState(String job, String state) {
    return Awaitility.await()
        .atMost(LIMIT)
        .until(() -> view(job, ""), view -> view.path("state").asString().equals(state));
  }

  private JsonNode view(String job, String query) {
    var answer = get("/api/v1/jobs/" + job + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** The body of a submission for POST /api/v1/jobs. */
  static String call(String tool, String arguments) {
    return "{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
        .formatted(tool, arguments);
  }

  /** A JSON-RPC request in an MCP session. */
  static String message(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
        .formatted(method, params);
  }

  /** Begins an MCP session and returns its id. */
  String initialize(String version) {
    var answer =
        post(
            "/mcp",
            message(
                "initialize",
                """
                {"protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"x","version":"1"}}
                """
                    .formatted(version)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  /** The assertions after every attack. */
  void assertServes() throws IOException {
    assertThat(process.isAlive()).as("the process lives").isTrue();
    assertThat(fresh())
        .doesNotContain("java.lang.OutOfMemoryError")
        .doesNotContain("java.lang.StackOverflowError");
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> get("/actuator/health/readiness").statusCode() == 200);
    delete("/mcp", "Mcp-Session-Id", initialize("2025-11-25"));
    JsonNode job = awaitEnd(submit("compute_hash", "{\"data\":\"" + System.nanoTime() + "\"}"));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("completed");
  }

  /** The log since the last read. */
  private String fresh() throws IOException {
    try (var file = new RandomAccessFile(directory.resolve("server.log").toFile(), "r")) {
      file.seek(read);
      byte[] bytes = new byte[(int) (file.length() - read)];
      file.readFully(bytes);
      read = file.getFilePointer();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private HttpRequest.Builder request(String path, String... headers) {
    var request =
        HttpRequest.newBuilder(url(path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    if (issuer != null) {
      request.header("Authorization", "Bearer " + issuer.token("owner", AUDIENCE, ""));
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request;
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private boolean readyOrDead() {
    if (!process.isAlive()) {
      return true;
    }
    try (var connection = new RawConnection(port)) {
      connection.send(
          "GET /actuator/health/readiness HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
      return connection.answer().status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Creates a class path directory with tools and their nested classes. */
  private static Path copy(List<Class<?>> tools, Path to) throws IOException {
    List<String> names = new ArrayList<>();
    for (Class<?> tool : tools) {
      names.add(tool.getName());
      String folder = tool.getPackageName().replace('.', '/');
      Path copied = Files.createDirectories(to.resolve(folder));
      try (Stream<Path> classes = Files.list(testClasses().resolve(folder))) {
        for (Path file : classes.toList()) {
          if (file.getFileName().toString().matches(tool.getSimpleName() + "(\\$.*)?\\.class")) {
            Files.copy(file, copied.resolve(file.getFileName()));
          }
        }
      }
    }
    Path spring = Files.createDirectories(to.resolve("META-INF/spring"));
    Files.write(
        spring.resolve("org.springframework.boot.autoconfigure.AutoConfiguration.imports"), names);
    return to;
  }

  /** The class path of the application, without the tests and their configuration. */
  private static String classPath() {
    Path tests = testClasses();
    return entries()
        .filter(entry -> !Path.of(entry).toAbsolutePath().equals(tests))
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }

  private static Stream<String> entries() {
    // A launcher that runs from one jar has the tests' class path in a separate class loader.
    if (Target.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs()).map(url -> Path.of(url.getPath()).toString());
    }
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
  }

  private static Path testClasses() {
    try {
      return Path.of(Target.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    if (issuer != null) {
      issuer.close();
    }
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      FileSystemUtils.deleteRecursively(directory);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
