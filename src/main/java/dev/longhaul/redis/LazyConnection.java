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
 * One connection, opened when it is first needed, and again after its client was stopped and
 * started: Spring pauses contexts. A connection that is only interrupted reconnects by itself.
 *
 * <p>Whoever opens it waits for Netty's threads. So these never open one themselves, and giving one
 * up waits for no opener.
 */
public final class LazyConnection<C extends StatefulConnection<String, ?>> {
  private final Supplier<C> connect;
  private final Disconnects disconnects;
  private final AtomicBoolean probing = new AtomicBoolean();
  private final AtomicReference<@Nullable C> current = new AtomicReference<>();
  private final AtomicReference<@Nullable CompletableFuture<C>> opening = new AtomicReference<>();
  private volatile boolean ended;

  /**
   * @param disconnects knows whether it is lost at the moment
   */
  LazyConnection(Supplier<C> connect, Disconnects disconnects) {
    this.connect = connect;
    this.disconnects = disconnects;
  }

  /**
   * The connection, which is opened for this where it is not.
   *
   * @throws RedisUnavailableException if it cannot be opened, or is lost and not mended by itself
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
          "Redis could not be used: its connection is gone and opened again by the next caller");
    }
    return opened();
  }

  // Whoever comes while it is being opened shares how that ends: a Redis that takes connections and
  // says nothing would keep one after the other waiting, each for the whole connect time-out.
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
              new IllegalStateException("Redis takes no connection at the moment"));
    }
  }

  /** Asks the connection that is open now whether it answers, and gives it up if not in time. */
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

  /** Gives up a connection that does not answer; the next user gets a new one. */
  public void drop(C broken) {
    current.compareAndSet(broken, null);
    if (!closed(broken)) {
      var _ = broken.closeAsync();
    }
  }

  void close() {
    ended = true;
    C open = current.getAndSet(null);
    // Where the client was stopped before us, its connections are closed already.
    if (open != null && !closed(open)) {
      open.close();
    }
  }

  /** Whether it was closed for good, and will not reconnect. */
  static boolean closed(StatefulConnection<?, ?> connection) {
    return connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
  }
}
