package dev.longhaul.queue.redis.check;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisServerCommands;

/**
 * What a Redis says of itself. Of a cluster every node answers, under {@code host:port.name}.
 *
 * @param versions of each node; empty when it says none
 * @param policies what each node does when its memory is full; empty when it says none
 * @param keepsNothing whether some node is known to write neither a log nor snapshots
 */
record RedisFacts(List<RedisVersion> versions, List<String> policies, boolean keepsNothing) {
  private static final Logger log = LoggerFactory.getLogger(RedisFacts.class);

  static RedisFacts ask(RedisServerCommands server) {
    var info = server.info("server");
    var versions =
        values(info, "redis_version").stream()
            .map(RedisVersion::parse)
            .flatMap(Optional::stream)
            .toList();
    var policies = values(config(server, "maxmemory-policy"), "maxmemory-policy");
    if (policies.isEmpty()) {
      // Managed ones forbid CONFIG, but INFO tells this too.
      policies = values(server.info("memory"), "maxmemory_policy");
    }
    var keepsNothing =
        values(config(server, "appendonly"), "appendonly").contains("no")
            && values(config(server, "save"), "save").contains("");
    return new RedisFacts(versions, policies, keepsNothing);
  }

  private static Properties config(RedisServerCommands server, String name) {
    try {
      var found = server.getConfig(name);
      return found == null ? new Properties() : found;
    } catch (DataAccessException e) {
      log.debug("This Redis does not tell {}", name, e);
      return new Properties();
    }
  }

  private static List<String> values(Properties properties, String name) {
    return properties.stringPropertyNames().stream()
        .filter(key -> key.equals(name) || key.endsWith("." + name))
        .map(key -> properties.getProperty(key, "").strip())
        .toList();
  }
}
