package dev.longhaul.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.queue.redis.embedded.RedisPrograms;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A real redis-server process on loopback with options of the test. It can be killed, stopped,
 * frozen, and restarted on its port with its data. Ends with {@link #close()} or with the JVM.
 *
 * <pre>
 * try (var redis = RedisServer.start(RedisServer.bundled(), "appendonly yes", "appendfsync always")) {
 *   use(redis.url());
 *   redis.kill();
 *   redis.restart();
 * }
 * </pre>
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 20;
  // Logged by a server, or by a sentinel, once it accepts connections.
  private static final List<String> READY =
      List.of("Ready to accept connections", "+monitor master");

  private final Path directory;
  private final List<String> command;
  private final List<String> options;
  private int port;
  private Process process;

  private RedisServer(Path program, List<String> arguments, List<String> options) {
    try {
      directory = Files.createTempDirectory("longhaul-redis-server");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    command =
        Stream.concat(Stream.of(program.toString(), configFile().toString()), arguments.stream())
            .toList();
    this.options = List.copyOf(options);
    process = startOnFreePort();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop test redis-server"));
  }

  /** The redis-server or valkey-server on PATH, if there is one. */
  public static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("redis-server", "valkey-server")
        .flatMap(name ->
            Stream.of(path.split(File.pathSeparator, -1))
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The program on PATH; the test is skipped if there is none. */
  public static Path installed() {
    Optional<Path> program = onPath();
    assumeTrue(
        program.isPresent(),
        "needs redis-server on PATH (apt-get install redis-server); .ci/run topology installs it");
    return program.orElseThrow();
  }

  /** The Redis 6.2 that is packaged with Longhaul. */
  public static Path bundled() {
    return Bundled.PROGRAM;
  }

  /**
   * Starts it and waits until it accepts connections. It listens on 127.0.0.1 only, has no password
   * and does not persist its data, unless the options say otherwise.
   *
   * @param options lines of redis.conf, such as {@code "appendonly yes"}; {@code %DIR%} stands for
   *     the server's own directory and {@code %PORT%} for its port
   */
  public static RedisServer start(Path program, String... options) {
    return new RedisServer(program, List.of(), List.of(options));
  }

  /** Starts it as a sentinel; the options must name a master to monitor. */
  public static RedisServer startSentinel(Path program, String... options) {
    return new RedisServer(program, List.of("--sentinel"), List.of(options));
  }

  public int port() {
    return port;
  }

  /** {@code redis://127.0.0.1:port}, without a password. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** The directory of its data and of its log {@code redis.log}. */
  public Path directory() {
    return directory;
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM: it saves its data as configured and ends. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** SIGSTOP: its connections stay open, but it does not reply. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  /** Restarts it on its port with its data. */
  public void restart() {
    if (process.isAlive()) {
      throw new IllegalStateException("it still runs");
    }
    process = startOnItsPort().orElseThrow(() -> new IllegalStateException(port + " is taken"));
  }

  @Override
  public synchronized void close() {
    kill();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process startOnFreePort() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      port = FreePorts.next();
      writeConfig(); // once, because sentinels and cluster nodes store their state in this file
      Optional<Process> started = startOnItsPort();
      if (started.isPresent()) {
        return started.get();
      }
    }
    throw new IllegalStateException("no free port");
  }

  private Optional<Process> startOnItsPort() {
    try {
      long logged = Files.exists(log()) ? Files.size(log()) : 0;
      Process starting =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      long end = System.nanoTime() + LIMIT.toNanos();
      while (true) {
        boolean alive = starting.isAlive();
        String said = read(logged);
        if (READY.stream().anyMatch(said::contains)) {
          return Optional.of(starting);
        }
        if (!alive && said.contains("Address already in use")) {
          return Optional.empty();
        }
        if (!alive || System.nanoTime() - end > 0) {
          starting.destroyForcibly();
          throw new IllegalStateException(command + " does not come up:\n" + said);
        }
        Thread.sleep(10);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void writeConfig() {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("port " + port);
    lines.add("dir " + directory);
    if (!command.contains("--sentinel")) {
      lines.add("save \"\"");
    }
    options.stream()
        .map(line ->
            line.replace("%DIR%", directory.toString()).replace("%PORT%", Integer.toString(port)))
        .forEach(lines::add);
    try {
      Files.write(configFile(), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(long from) throws IOException {
    byte[] all = Files.readAllBytes(log());
    return new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
  }

  private Path log() {
    return directory.resolve("redis.log");
  }

  private Path configFile() {
    return directory.resolve("redis.conf");
  }

  private void signal(String name) {
    try {
      int rc = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (rc != 0) {
        throw new IllegalStateException("kill -" + name + " answered " + rc);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Unpacks the program at first use, once per JVM. */
  private static final class Bundled {
    static final Path PROGRAM = unpack();

    private static Path unpack() {
      try {
        Path directory = Files.createTempDirectory("longhaul-redis-program");
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      try {
                        FileSystemUtils.deleteRecursively(directory);
                      } catch (IOException e) {
                        // A temporary directory that stays behind does no harm.
                      }
                    },
                    "delete redis program"));
        return RedisPrograms.bundled(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
