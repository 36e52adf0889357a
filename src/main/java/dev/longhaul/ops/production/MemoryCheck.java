package dev.longhaul.ops.production;

import com.sun.management.OperatingSystemMXBean;
import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Whether the largest heap fits into the memory of the machine or container. */
final class MemoryCheck implements ProductionCheck {
  private static final String CHECK = "memory";
  private static final long LITTLE_HEAP = 256L << 20;
  private static final int MOST_PERCENT = 80;

  private final long machine;
  private final long heap;

  MemoryCheck() {
    this(
        // The JDK reads the limit of the container's control group.
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        Runtime.getRuntime().maxMemory());
  }

  /**
   * @param machine bytes of the machine or container
   * @param heap the largest heap in bytes
   */
  MemoryCheck(long machine, long heap) {
    this.machine = machine;
    this.heap = heap;
  }

  @Override
  public List<Finding> findings() {
    String observed =
        "The largest heap is "
            + (heap >> 20)
            + " MB of "
            + (machine >> 20)
            + " MB of this machine or container";
    if (heap * 100 > machine * MOST_PERCENT) {
      return List.of(
          Finding.fail(
              CHECK,
              observed
                  + ": threads, buffers and classes have too little, and the process is killed.",
              "Start with -XX:MaxRAMPercentage=75, as the image does, or give it more memory."));
    }
    return List.of(
        heap < LITTLE_HEAP
            ? Finding.warn(
                CHECK,
                observed + "; bodies in progress have a quarter of it.",
                "Give it more memory, or start with -XX:MaxRAMPercentage=75; docs/operations.md"
                    + " says how much a process needs.")
            : Finding.pass(CHECK, observed + "."));
  }
}
