package dev.longhaul.queue.redis.production;

import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.types.RedisClientInfo;

/**
 * What a Redis says of itself; of a cluster every node does. An empty list means that it does not
 * say: managed services and the ACL of a user may forbid INFO, CONFIG and CLIENT.
 */
final class RedisAnswers {
  private static final Logger log = LoggerFactory.getLogger(RedisAnswers.class);

  private final RedisConnection connection;

  RedisAnswers(RedisConnection connection) {
    this.connection = connection;
  }

  /** A field of a section of INFO. */
  List<String> info(String section, String field) {
    return values(read(() -> connection.serverCommands().info(section)), field);
  }

  /** The same as numbers. */
  List<Long> numbers(String section, String field) {
    return info(section, field).stream().map(Long::parseLong).toList();
  }

  /** A parameter of the configuration. */
  List<String> config(String name) {
    return values(read(() -> connection.serverCommands().getConfig(name)), name);
  }

  /** The names of its client connections. */
  List<String> clients() {
    try {
      List<RedisClientInfo> clients = connection.serverCommands().getClientList();
      return clients == null
          ? List.of()
          : clients.stream().map(client -> String.valueOf(client.getName())).toList();
    } catch (DataAccessException e) {
      log.debug("This Redis does not list its clients", e);
      return List.of();
    }
  }

  private static Properties read(Supplier<Properties> command) {
    try {
      Properties found = command.get();
      return found == null ? new Properties() : found;
    } catch (DataAccessException e) {
      log.debug("This Redis does not say", e);
      return new Properties();
    }
  }

  // In a cluster the keys begin with the node.
  private static List<String> values(Properties properties, String name) {
    return properties.stringPropertyNames().stream()
        .filter(key -> key.equals(name) || key.endsWith("." + name))
        .map(key -> properties.getProperty(key, "").strip())
        .toList();
  }
}
