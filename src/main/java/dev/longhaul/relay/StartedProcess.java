package dev.longhaul.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A process of this machine that outlives the one that started it.
 *
 * @param pid its id, which another process may have later
 * @param started when it was started, which tells it from that one; the epoch if that is not known
 */
public record StartedProcess(long pid, Instant started) {
  private static final String PID = "pid";
  private static final String STARTED = "started";

  /** By how much two readings of one start may differ, because the clock was set. */
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  /** The process of that handle. */
  public static StartedProcess of(ProcessHandle handle) {
    return new StartedProcess(handle.pid(), handle.info().startInstant().orElse(Instant.EPOCH));
  }

  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(_ -> !isZombie())
        .filter(handle -> isSame(handle.info().startInstant().orElse(Instant.EPOCH)))
        .isPresent();
  }

  // Java counts one as alive; an orphan stays one where no init process reaps it, as in many
  // containers.
  private boolean isZombie() {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
    } catch (IOException notOnThisSystemOrGone) {
      return false;
    }
  }

  private boolean isSame(Instant other) {
    return started.equals(Instant.EPOCH)
        || other.equals(Instant.EPOCH)
        || Duration.between(started, other).abs().compareTo(TOLERANCE) < 0;
  }

  Properties properties() {
    Properties content = new Properties();
    content.setProperty(PID, Long.toString(pid));
    content.setProperty(STARTED, Long.toString(started.toEpochMilli()));
    return content;
  }

  static @Nullable StartedProcess of(Properties content) {
    try {
      return new StartedProcess(
          Long.parseLong(content.getProperty(PID, "")),
          Instant.ofEpochMilli(Long.parseLong(content.getProperty(STARTED, ""))));
    } catch (NumberFormatException damaged) {
      return null;
    }
  }
}
