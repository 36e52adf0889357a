package dev.longhaul.queue.redis.embedded;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the operator said where a Redis is. */
final class RedisSettings {
  private static final String PREFIX = "spring.data.redis.";

  /** Time-outs, pools and the like do not say where; these do. */
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

  /** An empty value, as an unset variable of a compose file leaves it, counts as not given. */
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
