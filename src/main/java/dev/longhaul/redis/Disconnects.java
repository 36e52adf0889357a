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
 * Which connections are lost at the moment. Lettuce connects again by itself, and until then keeps
 * back what is to be sent; whoever waits would wait for the whole command time-out although nobody
 * can answer. A loss that is mended within {@link #UNNOTICED} goes unnoticed; after that, what
 * waits fails, and with one Redis nothing more is sent until the connection is back: a call waits
 * for that for as long as a loss may go unnoticed.
 */
final class Disconnects implements RedisConnectionStateListener {
  /** So long a loss may last before calls fail of it. */
  static final Duration UNNOTICED = Duration.ofMillis(600);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(UNNOTICED.toMillis() + 10, TimeUnit.MILLISECONDS);

  private record Loss(long since, CompletableFuture<Boolean> mended) {}

  private final Map<RedisChannelHandler<?, ?>, Loss> lost = new ConcurrentHashMap<>();
  private final Map<RedisChannelHandler<?, ?>, SocketAddress> addresses = new ConcurrentHashMap<>();
  private final Map<CompletableFuture<?>, Long> pending = new ConcurrentHashMap<>();
  private final Runnable known;

  /**
   * @param known called once for each loss that has become known, in a thread of its own
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

  /** Whether a connection to that node is lost at the moment. */
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

  /** Whether the connection can be used; waits a little where it is lost. */
  boolean isUsable(Object connection) {
    if (!known(connection)) {
      return true;
    }
    Loss loss = lost.get((RedisChannelHandler<?, ?>) connection);
    if (loss == null) {
      return true;
    }
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      return false; // it is what makes the connection again
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

  /** Whether a connection is lost, and for so long that it is to be said. */
  boolean known() {
    return !lost.isEmpty() && lost.keySet().stream().anyMatch(this::known);
  }

  /** Whether this one is. */
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

  /** Fails the answer once it has waited for a lost connection for long enough. */
  // Each answer is itself alone, which is what a future's equality says.
  @SuppressWarnings("CollectionUndefinedEquality")
  void endWithTheConnection(CompletableFuture<?> answer) {
    pending.put(answer, System.nanoTime());
    var _ = answer.whenComplete((_, _) -> pending.remove(answer));
  }

  static RedisUnavailableException away() {
    return new RedisUnavailableException(
        "Redis could not be used: the connection is lost and cannot be made again yet");
  }

  private void becameKnown(RedisChannelHandler<?, ?> connection) {
    if (known(connection)) {
      failPending();
      known.run();
      LATER.execute(() -> whileLost(connection));
    }
  }

  // In a cluster others go on to send, also to the node that is lost.
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
