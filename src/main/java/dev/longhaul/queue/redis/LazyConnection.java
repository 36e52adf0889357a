package dev.longhaul.queue.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, opened when it is first needed, and again after its client was stopped and
 * started: Spring pauses contexts. A connection that is only interrupted reconnects by itself.
 */
final class LazyConnection<C extends StatefulConnection<String, ?>> {
  private final Supplier<C> connect;
  private final Object opening = new Object();
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile @Nullable C current;

  LazyConnection(Supplier<C> connect) {
    this.connect = connect;
  }

  C get() {
    C open = current;
    if (open != null && !closed(open)) {
      return open;
    }
    synchronized (opening) {
      open = current;
      if (open == null || closed(open)) {
        try {
          open = connect.get();
        } catch (RedisException e) {
          throw RedisConnections.unavailable(e);
        }
        current = open;
      }
      return open;
    }
  }

  /** Asks the connection that is open now whether it answers, and gives it up if not in time. */
  void probe(Function<C, ? extends CompletionStage<?>> ping, Duration limit) {
    C open = current;
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
  void drop(C broken) {
    synchronized (opening) {
      if (Objects.equals(current, broken)) {
        current = null;
      }
    }
    var _ = broken.closeAsync();
  }

  void close() {
    synchronized (opening) {
      C open = current;
      // Where the client was stopped before us, its connections are closed already.
      if (open != null && !closed(open)) {
        open.close();
      }
      current = null;
    }
  }

  private static boolean closed(StatefulConnection<?, ?> connection) {
    return connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
  }
}
