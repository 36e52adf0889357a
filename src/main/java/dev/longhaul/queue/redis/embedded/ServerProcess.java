package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A server's process in the operating system: our child, or one orphaned by a crash of ours. */
record ServerProcess(ProcessHandle handle) {
  // The kernel's boot time, from which start times are derived, may be read a second apart.
  private static final Duration SAME_START = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 10;

  /** The process of {@code saved}, unless it ended and its id now belongs to another program. */
  static Optional<ServerProcess> of(SavedServer saved) {
    return ProcessHandle.of(saved.pid())
        .map(ServerProcess::new)
        .filter(process -> process.isRunning() && process.isTheOneThat(saved));
  }

  long pid() {
    return handle.pid();
  }

  /** When it started, in milliseconds since the epoch; 0 where the system does not tell. */
  long startedAt() {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  boolean isRunning() {
    return handle.isAlive() && !isZombie();
  }

  /** Waits until it has ended; false when {@code limit} passed before. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    while (isRunning()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean isTheOneThat(SavedServer saved) {
    var command = handle.info().command().orElse("");
    var apart = Math.abs(startedAt() - saved.startedAt());
    return apart <= SAME_START.toMillis()
        && (command.contains("redis")
            || command.contains("valkey")
            || (!saved.program().isEmpty() && command.endsWith(saved.program())));
  }

  /** Java counts these as alive; an orphan stays one where nobody reaps, as in many containers. */
  private boolean isZombie() {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid()), "stat")).contains(") Z ");
    } catch (IOException notOnThisSystemOrGone) {
      return false;
    }
  }
}
