package dev.longhaul.queue.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one node, which is closed for good when it breaks.
 *
 * @param whole the same, or the connection to the cluster that it is a part of
 * @param nodeId the node's name in its cluster; null where there is no cluster
 */
record NodeConnection(
    StatefulRedisConnection<String, String> connection,
    StatefulConnection<String, String> whole,
    @Nullable String nodeId) {

  RedisAsyncCommands<String, String> async() {
    return connection.async();
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  void close() {
    // The whole first: else Lettuce sends by another way what was in flight on this part of it.
    var _ = whole.closeAsync();
    var _ = connection.closeAsync();
  }
}
