package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The embedded Redis of another process on this machine, for commands beside a running server. */
public final class RunningEmbeddedRedis {
  private static final String LOOPBACK = "127.0.0.1";

  private RunningEmbeddedRedis() {}

  /** Whether these settings name no Redis, so that the application starts one of its own. */
  public static boolean isMeantBy(Environment environment) {
    return !RedisSettings.name(environment) && properties(environment).enabled();
  }

  /**
   * The {@code spring.data.redis.*} that reach the server of the configured data directory; empty
   * when the settings name a Redis, or no server runs there, or its access file is not readable.
   */
  public static Map<String, Object> settings(Environment environment) {
    if (!isMeantBy(environment)) {
      return Map.of();
    }
    try {
      Path directory = properties(environment).dataDirectory().toRealPath();
      if (ServerProcess.in(directory).isEmpty()) {
        return Map.of();
      }
      return AccessFile.readFrom(directory)
          .<Map<String, Object>>map(access ->
              Map.of(
                  "spring.data.redis.host", LOOPBACK,
                  "spring.data.redis.port", access.port(),
                  "spring.data.redis.password", access.password()))
          .orElse(Map.of());
    } catch (IOException noSuchDirectory) {
      return Map.of();
    }
  }

  private static EmbeddedRedisProperties properties(Environment environment) {
    return Binder.get(environment)
        .bindOrCreate(EmbeddedRedisProperties.PREFIX, EmbeddedRedisProperties.class);
  }
}
