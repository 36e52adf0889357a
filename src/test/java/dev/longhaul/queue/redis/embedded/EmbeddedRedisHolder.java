package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/** A separate process with an embedded Redis; it runs until it is killed or its input ends. */
final class EmbeddedRedisHolder {
  private EmbeddedRedisHolder() {}

  public static void main(String[] args) throws IOException {
    var limit = Duration.ofMinutes(1);
    try (var redis =
        EmbeddedRedis.start(
            new EmbeddedRedisProperties(true, Path.of(args[0]), null, limit, limit, null))) {
      try (var connection = new ServerConnection(redis.port(), redis.password())) {
        connection.call("SET", "written-by", "the other process");
      }
      System.out.println("ready " + redis.pid());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** Starts the process, and returns when its Redis has stored a key. */
  static Running in(Path directory) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedRedisHolder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var lines = process.inputReader();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        return new Running(process, Long.parseLong(line.substring("ready ".length())));
      }
    }
    throw new IllegalStateException("the other process ended");
  }

  record Running(Process process, long redisPid) implements AutoCloseable {
    /** kill -9. Its Redis continues to run. */
    void kill() {
      process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
