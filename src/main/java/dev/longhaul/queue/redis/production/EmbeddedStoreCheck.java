package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.queue.redis.embedded.RunningEmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.core.env.Environment;

/** What it means to rely on the embedded Redis, and whether its disk has room. */
final class EmbeddedStoreCheck implements ProductionCheck {
  private static final String DISK = "disk";
  private static final long TOO_LITTLE = 200L << 20;
  private static final long LITTLE = 2L << 30;
  private static final String OWN =
      "For more than a trial set spring.data.redis.url to a Redis of your own.";

  private final Environment environment;

  EmbeddedStoreCheck(Environment environment) {
    this.environment = environment;
  }

  @Override
  public List<Finding> findings() {
    if (!RunningEmbeddedRedis.isMeantBy(environment)) {
      return List.of();
    }
    Path directory = RunningEmbeddedRedis.directory(environment).toAbsolutePath().normalize();
    return List.of(
        Finding.warn(
            "embedded-redis",
            "No Redis is configured, so Longhaul starts one of its own in "
                + directory
                + ": it is this one process's and this one machine's.",
            OWN),
        disk(directory));
  }

  private static Finding disk(Path directory) {
    Path existing = directory;
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        break;
      }
      existing = parent;
    }
    String remedy =
        "Free some, or set longhaul.embedded-redis.data-directory to a disk with more room.";
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String observed = (free >> 20) + " MB are free where " + directory + " is.";
      if (free < TOO_LITTLE) {
        return Finding.fail(DISK, observed, remedy);
      }
      return free < LITTLE ? Finding.warn(DISK, observed, remedy) : Finding.pass(DISK, observed);
    } catch (IOException e) {
      return Finding.warn(
          DISK,
          "The free space of " + existing + " could not be read: " + e.getMessage() + ".",
          remedy);
    }
  }
}
