package dev.longhaul.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one node, which is closed for good when it breaks.
 *
 * @param whole the same, or the connection to the cluster that it is a part of
 * @param nodeId the node's name in its cluster; null where there is no cluster
 * @param closed whether it was closed here
 */
public record NodeConnection(
    StatefulRedisConnection<String, String> connection,
    StatefulConnection<String, String> whole,
    @Nullable String nodeId,
    AtomicBoolean closed) {

  /** One that is open. */
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
    // Who waits here, who hears of its end and who stops the pool may come at the same time.
    if (closed.compareAndSet(false, true)) {
      // The whole first: else Lettuce sends by another way what was in flight on this part of it.
      close(whole);
      close(connection);
    }
  }

  // Lettuce warns of every close but the first. Often these two are the same one, and the end of
  // their client closes both.
  private static void close(StatefulConnection<String, String> open) {
    if (!LazyConnection.closed(open)) {
      var _ = open.closeAsync();
    }
  }
}
