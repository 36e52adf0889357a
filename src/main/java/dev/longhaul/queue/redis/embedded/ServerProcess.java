package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server's process in the operating system: our child, or one orphaned by a crash of ours. */
record ServerProcess(ProcessHandle handle) {
  private static final long POLL_MILLIS = 10;

  /** The servers that keep their data in {@code directory}. */
  static List<ServerProcess> in(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(process -> ServerCommand.uses(process, directory))
        .map(ServerProcess::new)
        .filter(ServerProcess::isRunning)
        .toList();
  }

  long pid() {
    return handle.pid();
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

  /** Java counts these as alive; an orphan stays one where nobody reaps, as in many containers. */
  private boolean isZombie() {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid()), "stat")).contains(") Z ");
    } catch (IOException notOnThisSystemOrGone) {
      return false;
    }
  }
}
