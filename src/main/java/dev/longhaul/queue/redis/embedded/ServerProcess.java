package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The operating system's process of a server: a child of this process, or an orphan of a killed
 * one.
 */
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

  /**
   * Java reports zombies as alive; an orphan stays a zombie where no init process reaps it, as in
   * many containers.
   */
  private boolean isZombie() {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid()), "stat")).contains(") Z ");
    } catch (IOException notOnThisSystemOrGone) {
      return false;
    }
  }
}
