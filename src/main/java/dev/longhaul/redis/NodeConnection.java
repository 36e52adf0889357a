package dev.longhaul.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one node, which does not reconnect when it breaks.
 *
 * @param whole the same, or the cluster connection that it belongs to
 * @param nodeId the node's id in its cluster; null without a cluster
 * @param closed whether it was closed here
 */
public record NodeConnection(
    StatefulRedisConnection<String, String> connection,
    StatefulConnection<String, String> whole,
    @Nullable String nodeId,
    AtomicBoolean closed) {

  /** An open connection. */
  public NodeConnection(
      StatefulRedisConnection<String, String> connection,
      StatefulConnection<String, String> whole,
      @Nullable String nodeId) {
    this(connection, whole, nodeId, new AtomicBoolean());
  }

  public RedisAsyncCommands<String, String> async() {
    return connection.async();
  }

  public boolean isOpen() {
    return connection.isOpen();
  }

  public void close() {
    // May be closed concurrently by the waiting thread, the disconnect event and the stopping pool.
    if (closed.compareAndSet(false, true)) {
      // The cluster connection first: otherwise Lettuce sends the pending commands by another node.
      close(whole);
      close(connection);
    }
  }

  // Lettuce logs a warning if a connection is closed twice; both may be the same, or closed by
  // their client.
  private static void close(StatefulConnection<String, String> open) {
    if (!LazyConnection.closed(open)) {
      var _ = open.closeAsync();
    }
  }
}
