package dev.longhaul.mcp;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The threads of this JVM, virtual ones too, which no bean lists. */
final class LiveThreads {
  private LiveThreads() {}

  /** How many have a class on their stack. */
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
