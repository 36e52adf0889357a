package dev.longhaul.queue.redis.embedded;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Checks whether the address of a Redis is configured. */
final class RedisSettings {
  private static final String PREFIX = "spring.data.redis.";

  /** The settings with an address, unlike those for time-outs, pools and the like. */
  private static final List<String> WHERE =
      List.of(
          "url",
          "host",
          "port",
          "username",
          "password",
          "database",
          "ssl.enabled",
          "ssl.bundle",
          "sentinel.master");

  private static final List<String> NODES =
      List.of("sentinel.nodes", "cluster.nodes", "masterreplica.nodes");

  private RedisSettings() {}

  /**
   * Whether one is set. An empty value, as from an unset variable in a compose file, counts as not
   * set.
   */
  static boolean name(Environment environment) {
    var binder = Binder.get(environment);
    return WHERE.stream()
            .anyMatch(name -> !binder.bind(PREFIX + name, String.class).orElse("").isBlank())
        || NODES.stream()
            .anyMatch(name ->
                !binder
                    .bind(PREFIX + name, Bindable.listOf(String.class))
                    .orElse(List.of())
                    .isEmpty());
  }
}
