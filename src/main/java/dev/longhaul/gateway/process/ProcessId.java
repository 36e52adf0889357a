package dev.longhaul.gateway.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that is not mistaken for a later one with the same number.
 *
 * @param pid its number
 * @param started when it started: on Linux the boot and the clock ticks since, which no change of
 *     the clock affects
 */
record ProcessId(long pid, String started) {
  private static final String BOOT = boot();

  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return ""; // not Linux
    }
  }

  static ProcessId of(ProcessHandle process) {
    return new ProcessId(process.pid(), started(process));
  }

  private static String started(ProcessHandle process) {
    return ProcStat.of(process.pid())
        .map(stat -> BOOT + "+" + stat.started())
        .orElseGet(() ->
            process
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .map(String::valueOf)
                .orElse(""));
  }

  /** The process, if it has not ended. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(process -> !started.isEmpty() && started(process).equals(started));
  }

  /** Whether it started before the last boot of this system, so that nothing of it is left. */
  boolean beforeBoot() {
    return !started.startsWith(BOOT);
  }
}
