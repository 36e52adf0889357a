package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of one test, which can kill it and restart it at the same address. */
public final class RestartableRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RestartableRedis.class);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 10;

  private final DataDirectory directory;
  private final ServerProgram program;
  private final String password = UUID.randomUUID().toString();
  private ServerInstance server;

  public RestartableRedis(Path path) {
    directory = DataDirectory.take(path);
    program = ServerPrograms.find(null, System.getenv("PATH"), path.resolve("bin"));
    server = startOnFreePort();
  }

  public int port() {
    return server.port();
  }

  public String password() {
    return password;
  }

  public long pid() {
    return server.pid();
  }

  /** The name and version, such as {@code redis-server 6.2.11}. */
  public String program() {
    return program.label();
  }

  /** kill -9. */
  public void kill() {
    server.kill();
  }

  /** Restarts it on its port with its data. */
  public void restart() {
    server.stop(LIMIT);
    try {
      server = ServerInstance.start(program, directory, server.port(), password, LIMIT);
    } catch (ServerInstance.PortTakenException e) {
      throw new IllegalStateException("another program took port " + server.port(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.kill();
    directory.close();
  }

  private ServerInstance startOnFreePort() {
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return ServerInstance.start(program, directory, EmbeddedRedis.freePort(), password, LIMIT);
      } catch (ServerInstance.PortTakenException e) {
        log.info("Another program took the port first; trying the next");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException("no free port");
  }
}
