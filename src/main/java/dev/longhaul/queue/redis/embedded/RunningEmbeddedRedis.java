package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/** The embedded Redis of another process on this machine, for commands beside a running server. */
public final class RunningEmbeddedRedis {
  private static final String SOURCE = "longhaul running embedded redis";
  private static final String LOOPBACK = "127.0.0.1";

  private RunningEmbeddedRedis() {}

  /** Whether these settings name no Redis, so that the application starts one of its own. */
  public static boolean isMeantBy(Environment environment) {
    return isUsedBy(environment)
        || (!RedisSettings.name(environment) && properties(environment).enabled());
  }

  /** Whether {@link #addTo} found one. */
  public static boolean isUsedBy(Environment environment) {
    return environment instanceof ConfigurableEnvironment configurable
        && configurable.getPropertySources().contains(SOURCE);
  }

  /** The data directory of the embedded Redis. */
  public static Path directory(Environment environment) {
    return properties(environment).dataDirectory();
  }

  /**
   * Where an embedded Redis is meant, and its server runs in the configured data directory, lets
   * {@code spring.data.redis.*} name that server.
   */
  public static void addTo(ConfigurableEnvironment environment) {
    if (!isMeantBy(environment)) {
      return;
    }
    try {
      Path directory = directory(environment).toRealPath();
      if (!ServerProcess.in(directory).isEmpty()) {
        AccessFile.readFrom(directory)
            .ifPresent(access ->
                environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(SOURCE, settings(access))));
      }
    } catch (IOException noSuchDirectory) {
      // Then none runs.
    }
  }

  private static Map<String, Object> settings(AccessFile access) {
    return Map.of(
        "spring.data.redis.host", LOOPBACK,
        "spring.data.redis.port", access.port(),
        "spring.data.redis.password", access.password());
  }

  private static EmbeddedRedisProperties properties(Environment environment) {
    return Binder.get(environment)
        .bindOrCreate(EmbeddedRedisProperties.PREFIX, EmbeddedRedisProperties.class);
  }
}
