package dev.longhaul.gateway.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux says of a process in {@code /proc/<pid>/stat} (proc_pid_stat(5)).
 *
 * @param zombie whether it has ended and was not waited for
 * @param session the id of its session
 * @param started when it started, in clock ticks since the system's boot
 */
record ProcStat(boolean zombie, long session, long started) {
  // Places after the name in parentheses.
  private static final int STATE = 0;
  private static final int SESSION = 3;
  private static final int STARTED = 19;

  /** Empty if there is no such process, or no such system. */
  static Optional<ProcStat> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name may have spaces and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", STARTED + 2);
      return Optional.of(
          new ProcStat(
              fields[STATE].equals("Z"),
              Long.parseLong(fields[SESSION]),
              Long.parseLong(fields[STARTED])));
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
