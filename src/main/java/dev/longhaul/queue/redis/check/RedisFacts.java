package dev.longhaul.queue.redis.check;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisServerCommands;

/**
 * The version and configuration of a Redis; in a cluster those of every node.
 *
 * @param versions the version of each node; empty if unknown
 * @param policies the maxmemory-policy of each node; empty if unknown
 * @param keepsNothing whether a node is known to write neither an append-only file nor snapshots
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
      // Managed services forbid CONFIG, but INFO has this too.
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
      log.debug("This Redis does not return {}", name, e);
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
