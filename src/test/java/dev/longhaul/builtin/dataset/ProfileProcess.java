package dev.longhaul.builtin.dataset;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Profiles one file in a separate process with a bounded heap, and prints time and memory: {@code
 * java -Xmx256m … ProfileProcess FILE}.
 */
public final class ProfileProcess {
  private ProfileProcess() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    long started = System.nanoTime();
    DatasetProfile profile =
        new DatasetProfiler(ProfileLimits.DEFAULT)
            .profile(DatasetSource.file(args[0], file), null, ProfileWatch.NOBODY);
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "rows=%d malformed=%d complete=%b MB/s=%.0f peakHeapMB=%d maxHeapMB=%d %s%n",
        profile.rows(),
        profile.malformedRows(),
        profile.complete(),
        Files.size(file) / 1e6 / seconds,
        peakHeap() >> 20,
        Runtime.getRuntime().maxMemory() >> 20,
        peakResident());
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static String peakResident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("");
    }
  }
}
