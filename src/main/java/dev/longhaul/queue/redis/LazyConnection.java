package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
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
 * up takes no lock that an opener holds.
 */
final class LazyConnection<C extends StatefulConnection<String, ?>> {
  private final Supplier<C> connect;
  private final Object opening = new Object();
  private final AtomicBoolean probing = new AtomicBoolean();
  private final AtomicReference<@Nullable C> current = new AtomicReference<>();

  LazyConnection(Supplier<C> connect) {
    this.connect = connect;
  }

  C get() {
    C open = current.get();
    if (open != null && !closed(open)) {
      return open;
    }
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      throw new QueueUnavailableException(
          "Redis could not be used: its connection is gone and opened again by the next caller");
    }
    synchronized (opening) {
      open = current.get();
      if (open == null || closed(open)) {
        try {
          open = connect.get();
        } catch (RedisException e) {
          throw RedisConnections.unavailable(e);
        }
        current.set(open);
      }
      return open;
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
  void drop(C broken) {
    current.compareAndSet(broken, null);
    var _ = broken.closeAsync();
  }

  void close() {
    synchronized (opening) {
      C open = current.getAndSet(null);
      // Where the client was stopped before us, its connections are closed already.
      if (open != null && !closed(open)) {
        open.close();
      }
    }
  }

  private static boolean closed(StatefulConnection<?, ?> connection) {
    return connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
  }
}
