package dev.longhaul.queue.redis.embedded;

import java.nio.file.Path;

/** The server programs that tests can start. */
public final class RedisPrograms {
  private RedisPrograms() {}

  /** The Redis 6.2 inside the embedded-redis jar, unpacked into a directory. */
  public static Path bundled(Path directory) {
    return ServerPrograms.find(null, "", directory).executable();
  }
}
