package dev.longhaul.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is opened when it is first needed, and again after its client was stopped and
 * restarted, as when Spring pauses a context. An interrupted connection reconnects automatically.
 *
 * <p>Opening waits for Netty's threads. Therefore they never open a connection themselves, and
 * dropping one does not wait for a thread that opens one.
 */
public final class LazyConnection<C extends StatefulConnection<String, ?>> {
  private final Supplier<C> connect;
  private final Disconnects disconnects;
  private final AtomicBoolean probing = new AtomicBoolean();
  private final AtomicReference<@Nullable C> current = new AtomicReference<>();
  private final AtomicReference<@Nullable CompletableFuture<C>> opening = new AtomicReference<>();
  private volatile boolean ended;

  /**
   * @param disconnects tracks lost connections
   */
  LazyConnection(Supplier<C> connect, Disconnects disconnects) {
    this.connect = connect;
    this.disconnects = disconnects;
  }

  /**
   * The connection, which is opened if needed.
   *
   * @throws RedisUnavailableException if it cannot be opened, or is lost and not restored in time
   */
  public C get() {
    C open = current.get();
    if (open != null && !closed(open)) {
      if (!disconnects.isUsable(open)) {
        throw Disconnects.away();
      }
      return open;
    }
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      throw new RedisUnavailableException(
          "Redis could not be used: its connection is closed; the next caller opens a new one");
    }
    return opened();
  }

  // Concurrent callers share the result of one attempt: with a Redis that accepts connections but
  // does not respond, each would wait for the whole connect time-out.
  private C opened() {
    CompletableFuture<C> mine = new CompletableFuture<>();
    CompletableFuture<C> underWay = opening.compareAndExchange(null, mine);
    if (underWay != null) {
      try {
        return underWay.join();
      } catch (CompletionException e) {
        throw RedisUnavailableException.of(e.getCause() == null ? e : e.getCause());
      }
    }
    try {
      C open = current.get();
      if (open == null || closed(open)) {
        open = connect.get();
        current.set(open);
        if (ended) {
          current.compareAndSet(open, null);
          open.close();
        }
      }
      mine.complete(open);
      return open;
    } catch (RedisException | IllegalStateException e) {
      throw RedisUnavailableException.of(e);
    } finally {
      opening.set(null);
      var _ =
          mine.completeExceptionally(
              new IllegalStateException("Redis accepts no connection at the moment"));
    }
  }

  /** Sends a ping on the open connection, and drops it if there is no reply in time. */
  void probe(Function<C, ? extends CompletionStage<?>> ping, Duration limit) {
    C open = current.get();
    if (open != null && !closed(open) && probing.compareAndSet(false, true)) {
      var _ =
          ping.apply(open)
              .toCompletableFuture()
              .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete((_, failure) -> {
                probing.set(false);
                if (failure instanceof TimeoutException) {
                  drop(open);
                }
              });
    }
  }

  /** Drops a connection that does not respond; the next user gets a new one. */
  public void drop(C broken) {
    current.compareAndSet(broken, null);
    if (!closed(broken)) {
      var _ = broken.closeAsync();
    }
  }

  void close() {
    ended = true;
    C open = current.getAndSet(null);
    // If the client was stopped first, its connections are closed already.
    if (open != null && !closed(open)) {
      open.close();
    }
  }

  /** Whether it was closed permanently and will not reconnect. */
  static boolean closed(StatefulConnection<?, ?> connection) {
    return connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
  }
}
