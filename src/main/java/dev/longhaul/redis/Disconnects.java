package dev.longhaul.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tracks lost connections. Lettuce reconnects automatically and queues commands until then, so
 * callers would wait for the whole command time-out. A loss that is repaired within {@link
 * #UNNOTICED} has no effect; after that, waiting commands fail, and with a single Redis new calls
 * wait at most {@link #UNNOTICED} for the connection and then fail, too.
 */
final class Disconnects implements RedisConnectionStateListener {
  /** How long a loss may last before calls fail. */
  static final Duration UNNOTICED = Duration.ofMillis(600);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(UNNOTICED.toMillis() + 10, TimeUnit.MILLISECONDS);

  private record Loss(long since, CompletableFuture<Boolean> mended) {}

  private final Map<RedisChannelHandler<?, ?>, Loss> lost = new ConcurrentHashMap<>();
  private final Map<RedisChannelHandler<?, ?>, SocketAddress> addresses = new ConcurrentHashMap<>();
  private final Map<CompletableFuture<?>, Long> pending = new ConcurrentHashMap<>();
  private final Runnable known;

  /**
   * @param known called once for each loss that has lasted longer, in a separate thread
   */
  Disconnects(Runnable known) {
    this.known = known;
  }

  @Override
  public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
    if (connection.isClosed()) {
      addresses.remove(connection);
    } else {
      lost.put(connection, new Loss(System.nanoTime(), new CompletableFuture<>()));
      LATER.execute(() -> becameKnown(connection));
    }
  }

  @Override
  public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
    addresses.put(connection, address);
    Loss loss = lost.remove(connection);
    if (loss != null) {
      loss.mended.complete(true);
    }
  }

  /** Whether a connection to that node is lost. */
  boolean isLost(String host, int port) {
    return !lost.isEmpty()
        && lost.keySet().stream()
            .filter(connection -> !connection.isClosed())
            .anyMatch(connection ->
                addresses.get(connection) instanceof InetSocketAddress address
                    && address.getPort() == port
                    && isHost(address, host));
  }

  private static boolean isHost(InetSocketAddress address, String host) {
    return address.getHostString().equals(host)
        || (address.getAddress() != null && address.getAddress().getHostAddress().equals(host));
  }

  /** Whether the connection can be used; waits up to {@link #UNNOTICED} if it is lost. */
  boolean isUsable(Object connection) {
    if (!known(connection)) {
      return true;
    }
    Loss loss = lost.get((RedisChannelHandler<?, ?>) connection);
    if (loss == null) {
      return true;
    }
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      return false; // this thread reconnects, so it must not wait
    }
    try {
      return loss.mended.get(UNNOTICED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Whether any connection has been lost for longer than {@link #UNNOTICED}. */
  boolean known() {
    return !lost.isEmpty() && lost.keySet().stream().anyMatch(this::known);
  }

  /** Whether this connection has been lost for longer than {@link #UNNOTICED}. */
  boolean known(Object connection) {
    if (lost.isEmpty() || !(connection instanceof RedisChannelHandler<?, ?> handler)) {
      return false;
    }
    Loss loss = lost.get(handler);
    if (loss == null) {
      return false;
    }
    if (handler.isClosed()) {
      lost.remove(handler);
      return false;
    }
    return System.nanoTime() - loss.since >= UNNOTICED.toNanos();
  }

  /** Fails the reply when its connection has been lost for longer than {@link #UNNOTICED}. */
  // Futures are compared by identity, as intended.
  @SuppressWarnings("CollectionUndefinedEquality")
  void endWithTheConnection(CompletableFuture<?> answer) {
    pending.put(answer, System.nanoTime());
    var _ = answer.whenComplete((_, _) -> pending.remove(answer));
  }

  static RedisUnavailableException away() {
    return new RedisUnavailableException(
        "Redis could not be used: the connection is lost and could not be restored yet");
  }

  private void becameKnown(RedisChannelHandler<?, ?> connection) {
    if (known(connection)) {
      failPending();
      known.run();
      LATER.execute(() -> whileLost(connection));
    }
  }

  // In a cluster commands are still sent, even to the lost node.
  private void whileLost(RedisChannelHandler<?, ?> connection) {
    if (known(connection)) {
      failPending();
      CompletableFuture.delayedExecutor(UNNOTICED.toMillis() / 3, TimeUnit.MILLISECONDS)
          .execute(() -> whileLost(connection));
    }
  }

  private void failPending() {
    long now = System.nanoTime();
    pending.forEach((answer, since) -> {
      if (now - since >= UNNOTICED.toNanos()) {
        var _ = answer.completeExceptionally(away());
      }
    });
  }
}
