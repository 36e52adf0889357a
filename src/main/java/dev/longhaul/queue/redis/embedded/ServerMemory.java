package dev.longhaul.queue.redis.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Sets the maxmemory of the embedded server. Without it {@code longhaul.redis.memory-limit}, a
 * share of maxmemory above which jobs are refused, would have no effect, and the out-of-memory
 * killer would end the server.
 */
final class ServerMemory {
  private static final Logger log = LoggerFactory.getLogger(ServerMemory.class);
  private static final int PART_OF_MACHINE = 4;
  private static final String USED = "used_memory:";

  private ServerMemory() {}

  /**
   * Sets it after the data is loaded, because a limit below the loaded size would refuse every
   * write.
   */
  static void limit(ServerInstance server, @Nullable DataSize configured) {
    long wanted = configured == null ? machine() / PART_OF_MACHINE : configured.toBytes();
    try (var connection = new ServerConnection(server.port(), server.password())) {
      long loaded = used(connection);
      long limit = Math.max(wanted, loaded + loaded / 2);
      connection.call("CONFIG", "SET", "maxmemory", Long.toString(limit));
      if (limit > wanted) {
        log.warn(
            "The embedded Redis has {} MB of data, so its maxmemory is {} MB instead of {} MB ({})",
            loaded >> 20,
            limit >> 20,
            wanted >> 20,
            EmbeddedRedisProperties.MAX_MEMORY);
      }
    } catch (IOException e) {
      log.warn("The maxmemory of the embedded Redis could not be set; it has no limit", e);
    }
  }

  /** The memory of the machine, or of the container, whose control group the JDK reads. */
  private static long machine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  private static long used(ServerConnection connection) throws IOException {
    return connection
        .call("INFO", "memory")
        .getFirst()
        .lines()
        .filter(line -> line.startsWith(USED))
        .mapToLong(line -> Long.parseLong(line.substring(USED.length()).strip()))
        .findFirst()
        .orElse(0);
  }
}
