package dev.longhaul.queue.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.NodeConnection;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ClientListArgs;
import io.lettuce.core.KeyValue;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that blocks on wake tokens: of all shards with a single Redis, of one shard in a
 * cluster. It does not reconnect automatically. A new connection first kills its predecessor, to
 * which Redis might still give a token and jobs, and then claims without blocking, because a token
 * may have been lost with it.
 */
final class BlockingConnection {
  private static final Logger log = LoggerFactory.getLogger(BlockingConnection.class);
  private static final long UNBLOCK_AGAIN_MILLIS = 20;

  private final QueueConnections connections;
  private final int shard;
  private final Supplier<String> names;
  // Not guarded by a lock: Netty's threads drop a connection, while the thread that opens the next
  // one may wait for these threads.
  private final AtomicReference<@Nullable Open> current = new AtomicReference<>();
  private volatile @Nullable Open predecessor;
  private volatile CompletableFuture<?> waiting = CompletableFuture.completedFuture(null);

  /**
   * @param shard the shard on whose node it blocks
   * @param names makes the name of each connection, no two alike
   */
  BlockingConnection(QueueConnections connections, int shard, Supplier<String> names) {
    this.connections = connections;
    this.shard = shard;
    this.names = names;
  }

  /**
   * Blocks on a token, and runs a command right after it on the same connection.
   *
   * @param tokens the keys of the lists to block on
   * @param then sends the command that follows
   * @return the command's reply and the list of the token, which is null if the wait ended without
   *     one
   */
  <T> CompletableFuture<Woken<T>> await(List<String> tokens, Duration wait, Behind<T> then) {
    Open open = open();
    boolean fresh = open.fresh;
    open.fresh = false;
    // Longer than the wait, because a time-out during it would drop the reply. No reply long after
    // it means that the connection is dead.
    open.node.connection().setTimeout(wait.plus(connections.timeout()));
    CompletableFuture<@Nullable KeyValue<String, String>> token =
        fresh ? CompletableFuture.completedFuture(null) : blpop(open, tokens, wait);
    // Sent without waiting for the reply of the first command. Auto-flush stays on.
    CompletableFuture<T> ran = then.send(open.node);
    CompletableFuture<Woken<T>> answer =
        token
            .thenCompose(from ->
                ran.thenApply(
                    done -> new Woken<>(fresh, from == null ? null : from.getKey(), done)))
            .whenComplete((_, failure) -> {
              if (failure != null && !Scripts.isNoScript(failure)) {
                drop(open);
              }
            });
    waiting = answer;
    return answer;
  }

  private static CompletableFuture<@Nullable KeyValue<String, String>> blpop(
      Open open, List<String> tokens, Duration wait) {
    RedisFuture<KeyValue<String, String>> sent =
        open.node.async().blpop(wait.toMillis() / 1000.0, tokens.toArray(String[]::new));
    return sent.toCompletableFuture().thenApply(token -> token);
  }

  /** Ends a wait early, also if its command is still in flight. */
  void unblock() {
    unblock(waiting);
  }

  private void unblock(CompletableFuture<?> wait) {
    Open open = current.get();
    if (open == null || wait.isDone()) {
      return;
    }
    var _ =
        connections
            .unblock(open.node, open.clientId)
            .orTimeout(connections.timeout().toMillis(), MILLISECONDS)
            .whenComplete((ended, failure) -> {
              if (failure != null) {
                // If CLIENT UNBLOCK is forbidden or fails, closing the connection ends the wait.
                log.debug(
                    "A blocking wait for jobs could not be unblocked; its connection is closed",
                    failure);
                drop(open);
              } else if (ended == 0) {
                CompletableFuture.delayedExecutor(UNBLOCK_AGAIN_MILLIS, MILLISECONDS)
                    .execute(() -> unblock(wait));
              }
            });
  }

  void close() {
    Open open = current.getAndSet(null);
    if (open != null) {
      open.node.close();
    }
  }

  // Called only by the pool's thread.
  private Open open() {
    Open open = current.get();
    if (open != null && open.node.isOpen()) {
      return open;
    }
    if (open != null) {
      drop(open);
    }
    NodeConnection node = connections.openToNode(shard);
    try {
      String name = names.get();
      long id = connections.await(node.async().clientId());
      boolean again = predecessor != null;
      endPredecessor(node);
      Open opened = new Open(node, id, named(node, name) ? name : null, again);
      current.set(opened);
      return opened;
    } catch (QueueUnavailableException e) {
      node.close();
      throw e;
    }
  }

  private void drop(Open open) {
    if (current.compareAndSet(open, null)) {
      predecessor = open;
    }
    open.node.close();
  }

  // By its id, but only if the name matches: after a failover the id may be another client's.
  private void endPredecessor(NodeConnection node) {
    Open old = predecessor;
    predecessor = null;
    if (old == null || old.name == null) {
      return;
    }
    try {
      String found =
          connections.await(node.async().clientList(ClientListArgs.Builder.ids(old.clientId)));
      if (found.contains(" name=" + old.name + " ")) {
        connections.await(node.async().clientKill(new KillArgs().id(old.clientId)));
      }
    } catch (QueueUnavailableException e) {
      log.debug(
          "The lost connection could not be killed; jobs that it claims are taken over after their lease",
          e);
    }
  }

  private boolean named(NodeConnection node, String name) {
    try {
      connections.await(node.async().clientSetname(name));
      return true;
    } catch (QueueUnavailableException e) {
      log.debug("The connection could not be named", e);
      return false;
    }
  }

  /** Sends the command that follows the wait. */
  interface Behind<T> {
    CompletableFuture<T> send(NodeConnection node);
  }

  /**
   * How a wait ended.
   *
   * @param fresh whether there was no wait, because the connection replaced a lost one
   * @param token the list of the token, or null
   */
  record Woken<T>(boolean fresh, @Nullable String token, T done) {}

  private static final class Open {
    final NodeConnection node;
    final long clientId;
    final @Nullable String name;
    boolean fresh;

    Open(NodeConnection node, long clientId, @Nullable String name, boolean fresh) {
      this.node = node;
      this.clientId = clientId;
      this.name = name;
      this.fresh = fresh;
    }
  }
}
