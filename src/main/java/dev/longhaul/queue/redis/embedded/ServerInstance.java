package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running embedded server. */
final class ServerInstance {
  private static final Logger log = LoggerFactory.getLogger(ServerInstance.class);
  private static final Duration LIMIT_AFTER_SIGNAL = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 20;
  private static final int TAIL_LINES = 12;

  private final int port;
  private final String password;
  private final ServerProcess process;

  private ServerInstance(int port, String password, ServerProcess process) {
    this.port = port;
    this.password = password;
    this.process = process;
  }

  /**
   * Starts {@code program} in {@code directory} and waits until it has loaded its data.
   *
   * @throws PortTakenException when another program took the port first
   * @throws EmbeddedRedisException when it ended or did not answer in time; with the tail of its
   *     log
   */
  static ServerInstance start(
      ServerProgram program, DataDirectory directory, int port, String password, Duration limit)
      throws PortTakenException, InterruptedException {
    var logged = size(directory.logFile());
    var settings = new ServerSettings(port, password, program.version()).asConfigurationFile();
    var instance =
        new ServerInstance(port, password, spawn(program.executable(), directory, settings));
    try {
      instance.awaitReady(limit);
      tellOfTruncation(directory.logFile(), logged);
      return instance;
    } catch (NotReadyException e) {
      instance.kill();
      var tail = tail(directory.logFile(), logged);
      if (tail.contains("Address already in use")) {
        throw new PortTakenException();
      }
      throw new EmbeddedRedisException(
          program.label() + " " + e.getMessage() + ". Its log ends with:\n" + tail,
          "Remove the cause it names, see the whole log in "
              + directory.logFile()
              + ", or "
              + EmbeddedRedisException.USE_YOUR_OWN
              + ".");
    } catch (InterruptedException e) {
      instance.kill();
      throw e;
    }
  }

  int port() {
    return port;
  }

  String password() {
    return password;
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isRunning();
  }

  /** Runs {@code action} once the server has ended, for any reason. */
  void whenEnded(Runnable action) {
    var _ = process.handle().onExit().thenRun(action);
  }

  /** Stops the server: it saves its data and ends; after {@code limit} it is killed. */
  void stop(Duration limit) {
    if (!process.isRunning()) {
      return;
    }
    process.handle().destroy(); // Redis handles the signal like SHUTDOWN
    end(process, limit);
  }

  /** Ends a server that does not respond: by signal, after {@code limit} by force. */
  static void end(ServerProcess process, Duration limit) {
    try {
      if (process.awaitEnd(limit)) {
        return;
      }
      process.handle().destroy();
      if (!process.awaitEnd(LIMIT_AFTER_SIGNAL)) {
        log.warn("Redis, process {}, does not end and is killed", process.pid());
        process.handle().destroyForcibly();
        process.awaitEnd(LIMIT_AFTER_SIGNAL);
      }
    } catch (InterruptedException e) {
      process.handle().destroy();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it as a crash would. */
  void kill() {
    process.handle().destroyForcibly();
    try {
      process.awaitEnd(LIMIT_AFTER_SIGNAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ServerProcess spawn(Path executable, DataDirectory directory, String settings) {
    var builder = new ProcessBuilder(ServerCommand.of(executable, directory.path()));
    builder.directory(directory.path().toFile());
    // An unknown locale in the caller's environment stops Redis 7.
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.logFile().toFile()));
    try {
      var child = builder.start();
      try (var input = child.outputWriter()) {
        input.write(settings);
      } catch (IOException e) {
        log.debug("The server ended before it read its configuration", e);
      }
      return new ServerProcess(child.toHandle());
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          executable + " could not be started: " + e.getMessage(),
          "Name another with "
              + EmbeddedRedisProperties.EXECUTABLE
              + ", or "
              + EmbeddedRedisException.USE_YOUR_OWN
              + ".",
          e);
    }
  }

  private void awaitReady(Duration limit) throws NotReadyException, InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    try (var connection = new ServerConnection(port, password)) {
      while (!answers(connection)) {
        if (!process.isRunning()) {
          throw new NotReadyException("ended while starting");
        }
        if (System.nanoTime() - deadline > 0) {
          throw new NotReadyException(
              "did not answer within "
                  + limit.toSeconds()
                  + " s ("
                  + EmbeddedRedisProperties.START_TIMEOUT
                  + ")");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  private static boolean answers(ServerConnection connection) {
    try {
      return connection.call("PING").equals(List.of("PONG"));
    } catch (IOException notYet) {
      return false;
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException absent) {
      return 0;
    }
  }

  // Redis reports this only in its own log: the end of its file was incomplete, after a full disk
  // or a power failure, and the last writes are lost.
  private static void tellOfTruncation(Path file, long from) {
    String said = since(file, from);
    if (said.contains("Truncating the AOF") || said.contains("AOF was truncated")) {
      log.warn(
          "The end of the embedded Redis' append-only file was incomplete and has been cut off: the"
              + " last jobs and outcomes before it ended may be lost. See {}",
          file);
    }
  }

  private static String since(Path file, long from) {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String tail(Path file, long from) {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      var last = new ArrayDeque<String>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> {
            last.addLast("    " + line);
            if (last.size() > TAIL_LINES) {
              last.removeFirst();
            }
          });
      return String.join("\n", last);
    } catch (IOException e) {
      return "    (" + file + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Another program took the port between choosing and binding it. */
  static final class PortTakenException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
      super(message);
    }
  }
}
