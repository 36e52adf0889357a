package dev.longhaul.mcp;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Counts threads of this JVM, including virtual ones, which ThreadMXBean does not list. */
final class LiveThreads {
  private LiveThreads() {}

  /** The number of threads with this class on their stack. */
  static long within(Class<?> type) {
    try {
      Path file = Files.createTempDirectory("threads").resolve("dump.txt");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      String dump = Files.readString(file);
      Files.delete(file);
      Files.delete(file.getParent());
      return Arrays.stream(dump.split("\n(?=#\\d+ )"))
          .filter(thread -> thread.contains(type.getName() + "."))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
