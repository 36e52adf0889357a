package dev.longhaul.queue.redis.embedded;

import dev.longhaul.queue.redis.check.RedisVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server program whose version was determined by running it. */
record ServerProgram(Path executable, RedisVersion version) {
  private static final long VERSION_LIMIT_SECONDS = 10;

  /**
   * Runs {@code executable --version}.
   *
   * @throws UnfitProgramException when it cannot be run here, or is older than 6.2
   */
  static ServerProgram probe(Path executable) throws UnfitProgramException {
    var output = run(executable);
    var version =
        RedisVersion.parse(output)
            .orElseThrow(
                () -> new UnfitProgramException(executable + " does not run here: " + output));
    if (!version.isSupported()) {
      throw new UnfitProgramException(
          executable + " is " + version + ", older than " + RedisVersion.OLDEST_SUPPORTED);
    }
    return new ServerProgram(executable, version);
  }

  /** Such as {@code redis-server 7.0.15}. */
  String label() {
    var name = String.valueOf(executable.getFileName());
    return (name.startsWith("valkey") ? "valkey-server " : "redis-server ") + version;
  }

  private static String run(Path executable) throws UnfitProgramException {
    try {
      var process =
          new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        // The version line is shorter than any pipe, so waiting before reading cannot deadlock.
        if (!process.waitFor(VERSION_LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new UnfitProgramException(executable + " --version did not end");
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
          throw new UnfitProgramException(
              executable + " does not run here: " + output.strip().lines().findFirst().orElse(""));
        }
        return output.strip();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UnfitProgramException(executable + " does not run here: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnfitProgramException("interrupted while asking " + executable + " its version");
    }
  }
}
