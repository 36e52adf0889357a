package dev.longhaul.queue.redis.check;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;

/** The address of the Redis for messages: hosts and ports without the password. */
public final class RedisAddress {
  private RedisAddress() {}

  public static String of(@Nullable DataRedisConnectionDetails details) {
    if (details == null) {
      return "Redis";
    }
    var sentinel = details.getSentinel();
    if (sentinel != null) {
      return "Redis " + sentinel.getMaster() + " (sentinels " + list(sentinel.getNodes()) + ")";
    }
    var cluster = details.getCluster();
    if (cluster != null) {
      return "Redis Cluster at " + list(cluster.getNodes());
    }
    var replicated = details.getMasterReplica();
    if (replicated != null) {
      return "Redis at " + list(replicated.getNodes());
    }
    var standalone = details.getStandalone();
    return standalone == null
        ? "Redis"
        : "Redis at " + standalone.getHost() + ":" + standalone.getPort();
  }

  /** The hosts, without ports; empty if unknown. */
  public static List<String> hosts(@Nullable DataRedisConnectionDetails details) {
    if (details == null) {
      return List.of();
    }
    var sentinel = details.getSentinel();
    if (sentinel != null) {
      return sentinel.getNodes().stream().map(Node::host).toList();
    }
    var cluster = details.getCluster();
    if (cluster != null) {
      return cluster.getNodes().stream().map(Node::host).toList();
    }
    var replicated = details.getMasterReplica();
    if (replicated != null) {
      return replicated.getNodes().stream().map(Node::host).toList();
    }
    var standalone = details.getStandalone();
    return standalone == null ? List.of() : List.of(standalone.getHost());
  }

  private static String list(List<Node> nodes) {
    return nodes.stream()
        .map(node -> node.host() + ":" + node.port())
        .collect(Collectors.joining(", "));
  }
}
