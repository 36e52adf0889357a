package dev.longhaul.queue.redis.embedded;

import dev.longhaul.job.RandomText;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process's private Redis. It listens on loopback only, with a random password. */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int PORT_ATTEMPTS = 10;
  private static final int PASSWORD_BYTES = 32;

  private final EmbeddedRedisProperties properties;
  private final DataDirectory directory;
  private volatile ServerInstance server;
  private volatile Consumer<Boolean> listener = _ -> {};
  private boolean away;
  private boolean closed;

  private EmbeddedRedis(
      EmbeddedRedisProperties properties, DataDirectory directory, ServerInstance server) {
    this.properties = properties;
    this.directory = directory;
    this.server = server;
  }

  /**
   * Locks the data directory and starts or adopts its server.
   *
   * @throws EmbeddedRedisException when that fails, with a message for the operator
   */
  public static EmbeddedRedis start(EmbeddedRedisProperties properties) {
    var directory = DataDirectory.take(properties.dataDirectory());
    try {
      var redis = new EmbeddedRedis(properties, directory, startServer(properties, directory));
      redis.begin(redis.server);
      return redis;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release(directory);
      throw new EmbeddedRedisException("Interrupted while Redis started.", "Start again.", e);
    } catch (RuntimeException e) {
      release(directory);
      throw e;
    }
  }

  /** The loopback port it listens on. */
  public int port() {
    return server.port();
  }

  public String password() {
    return server.password();
  }

  /** Its process. */
  public long pid() {
    return server.pid();
  }

  /** Stops the server, which first writes its data, and unlocks the data directory. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      AccessFile.deleteFrom(directory.path());
    } catch (IOException e) {
      log.debug("The access file stays; the next start writes it anew", e);
    }
    try {
      server.stop(properties.stopTimeout());
      log.info("Stopped the embedded Redis; its data is kept in {}", directory.path());
    } finally {
      release(directory);
    }
  }

  private void begin(ServerInstance watched) {
    ServerMemory.limit(watched, properties.maxMemory());
    watched.whenEnded(() -> Threads.loop("embedded-redis-revival", this::revive));
  }

  /**
   * Restarts the server after it ended unexpectedly: out of memory, a kill, or a service manager
   * that stops all processes at once. It gets the same port, so that clients can reconnect.
   */
  private void revive() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!revived(pause)) {
        Thread.sleep(pause);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean revived(Duration pause) throws InterruptedException {
    if (closed) {
      return true;
    }
    try {
      log.warn(
          "The embedded Redis, process {}, has ended by itself (see {}); starting it again",
          server.pid(),
          directory.logFile());
      var program = findProgram(properties, directory.path());
      server =
          ServerInstance.start(
              program, directory, server.port(), server.password(), properties.startTimeout());
      begin(server);
      if (away) {
        away = false;
        log.info("The embedded Redis is back, process {}", server.pid());
        listener.accept(true);
      }
      return true;
    } catch (ServerInstance.PortTakenException e) {
      cannotStart(
          "Another program took port " + port() + " of the embedded Redis.", "Free it.", pause);
    } catch (EmbeddedRedisException e) {
      cannotStart(String.valueOf(e.getMessage()), e.action(), pause);
    } catch (RuntimeException | Error e) {
      cannotStart(String.valueOf(e), "Remove the cause it names.", pause);
    }
    return false;
  }

  // Most likely a full disk, which an operator has to fix. Until then this process is not ready.
  private void cannotStart(String why, String action, Duration pause) {
    log.error("{} Jobs wait; it is tried again in {}. {}", why, pause, action);
    if (!away) {
      away = true;
      listener.accept(false);
    }
  }

  /**
   * Sets the listener for the server's availability: false when it has ended and could not be
   * restarted, true when it is back.
   */
  void whenAway(Consumer<Boolean> hears) {
    listener = hears;
  }

  private static ServerInstance startServer(
      EmbeddedRedisProperties properties, DataDirectory directory) throws InterruptedException {
    var path = directory.path();
    ServerProcess.in(path).forEach(orphan -> endOrphan(orphan, properties.stopTimeout()));
    var program = findProgram(properties, path);
    directory.refuseIfNewerThan(program);
    var server = startOnFreePort(program, directory, properties);
    letCommandsIn(server, path);
    log.info(
        "Started {} on 127.0.0.1:{} with its data in {}; to use your own Redis set"
            + " spring.data.redis.url",
        program.label(),
        server.port(),
        path);
    return server;
  }

  // Also after a revival: port and password stay.
  private static void letCommandsIn(ServerInstance server, Path directory) {
    try {
      new AccessFile(server.port(), server.password()).writeTo(directory);
    } catch (IOException e) {
      log.warn(
          "Commands such as check and keys will not reach the embedded Redis: {} could not be"
              + " written to",
          directory,
          e);
    }
  }

  private static ServerProgram findProgram(EmbeddedRedisProperties properties, Path path) {
    return ServerPrograms.find(
        properties.executable(),
        Objects.requireNonNullElse(System.getenv("PATH"), ""),
        path.resolve("bin"));
  }

  /** Two servers must not write the same files; it writes what it has before it ends. */
  private static void endOrphan(ServerProcess orphan, Duration limit) {
    log.info(
        "A Longhaul that was killed has left its Redis running, process {}; it is ended, and"
            + " another one started with its data",
        orphan.pid());
    orphan.handle().destroy();
    ServerInstance.end(orphan, limit);
  }

  private static ServerInstance startOnFreePort(
      ServerProgram program, DataDirectory directory, EmbeddedRedisProperties properties)
      throws InterruptedException {
    var password = RandomText.hex(PASSWORD_BYTES);
    for (var attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      try {
        return ServerInstance.start(
            program, directory, freePort(), password, properties.startTimeout());
      } catch (ServerInstance.PortTakenException e) {
        log.debug("Another program took the port first; trying the next");
      }
    }
    throw new EmbeddedRedisException(
        "No free port on 127.0.0.1 for the embedded Redis.",
        "Try again, or " + EmbeddedRedisException.USE_YOUR_OWN + ".");
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "No free port on 127.0.0.1 for the embedded Redis: " + e.getMessage(),
          "Free some ports, or " + EmbeddedRedisException.USE_YOUR_OWN + ".",
          e);
    }
  }

  private static void release(DataDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      log.warn("The lock on {} could not be given back", directory.path(), e);
    }
  }
}
