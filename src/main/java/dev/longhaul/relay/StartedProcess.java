package dev.longhaul.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A process of this machine that outlives the one that started it.
 *
 * @param pid its id, which another process may have later
 * @param started when it was started, which tells it from that one: on Linux the boot and the clock
 *     ticks since (proc_pid_stat(5)), which no change of the clock affects, elsewhere the
 *     milliseconds of the epoch; empty if that is not known
 */
public record StartedProcess(long pid, String started) {
  private static final String PID = "pid";
  private static final String STARTED = "start";

  // Places in /proc/<pid>/stat after the name in parentheses.
  private static final int STATE = 0;
  private static final int START = 19;

  /** The process of that handle. */
  public static StartedProcess of(ProcessHandle handle) {
    return new StartedProcess(handle.pid(), started(handle));
  }

  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(_ -> !isZombie())
        .filter(handle -> isSame(started(handle)))
        .isPresent();
  }

  // Java counts one as alive; an orphan stays one where no init process reaps it, as in many
  // containers.
  private boolean isZombie() {
    return "Z".equals(stat(pid, STATE));
  }

  private boolean isSame(String other) {
    return started.isEmpty() || other.isEmpty() || started.equals(other);
  }

  private static String started(ProcessHandle handle) {
    String ticks = stat(handle.pid(), START);
    try {
      if (ticks != null) {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "+" + ticks;
      }
    } catch (IOException e) {
      // As on other systems then.
    }
    return handle.info().startInstant().map(Instant::toEpochMilli).map(String::valueOf).orElse("");
  }

  /** A field that Linux has of a process; null if there is no such process, or no such system. */
  private static @Nullable String stat(long pid, int place) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name may have spaces and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", place + 2);
      return fields[place];
    } catch (IOException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  Properties properties() {
    Properties content = new Properties();
    content.setProperty(PID, Long.toString(pid));
    content.setProperty(STARTED, started);
    return content;
  }

  static @Nullable StartedProcess of(Properties content) {
    try {
      return new StartedProcess(
          Long.parseLong(content.getProperty(PID, "")), content.getProperty(STARTED, ""));
    } catch (NumberFormatException damaged) {
      return null;
    }
  }
}
