package dev.longhaul.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pub/sub subscriptions of this process, all on one connection, which is opened with the first
 * of them.
 */
public final class Channels implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Channels.class);
  private static final long LOOK_MILLIS = 500;

  private final RedisConnections redis;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final ReentrantLock subscribing = new ReentrantLock();
  private final AtomicBoolean tuning = new AtomicBoolean();
  private final ScheduledExecutorService timer = Threads.timer("longhaul-hearing", 1);
  private @Nullable StatefulRedisPubSubConnection<String, String> listening;
  private Set<String> subscribed = Set.of();

  public Channels(RedisConnections redis) {
    this.redis = redis;
  }

  /** Receives the messages of a channel. Called in a Netty thread; must not wait for Redis. */
  public interface Listener {
    void message(String text);

    /**
     * The subscription is active, also again after an interruption in which messages may have been
     * lost.
     */
    void subscribed();
  }

  /**
   * Publishes a message.
   *
   * @throws RedisUnavailableException if Redis is not available
   */
  public void publish(String channel, String message) {
    var _ = redis.run(on -> on.publish(channel, message));
  }

  /** Adds a listener, which the next {@link #tune} subscribes. */
  public void add(String channel, Listener listener) {
    listeners.put(channel, listener);
  }

  /** Subscribes a listener, now or as soon as Redis is available. */
  public void hear(String channel, Listener listener) {
    add(channel, listener);
    try {
      tune(redis.timeout());
    } catch (RedisUnavailableException e) {
      log.warn(
          "Channel {} will be subscribed when Redis is available ({})", channel, e.getMessage());
    }
  }

  /**
   * Subscribes to all channels on the current connection. Returns at once if another thread is
   * doing so; afterwards all listeners are notified.
   *
   * @throws RedisUnavailableException if it fails or takes longer than the limit
   */
  public void tune(Duration limit) {
    stayTuned();
    if (subscribing.tryLock()) {
      try {
        subscribe(limit);
      } finally {
        subscribing.unlock();
      }
    }
  }

  // Periodically, for connections that replace lost ones and for added listeners.
  private void stayTuned() {
    if (!tuning.get() && tuning.compareAndSet(false, true)) {
      var _ =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("subscribing to Redis channels", () -> tune(redis.timeout())),
              LOOK_MILLIS,
              LOOK_MILLIS,
              MILLISECONDS);
    }
  }

  private void subscribe(Duration limit) {
    StatefulRedisPubSubConnection<String, String> connection = redis.pubSub();
    if (!connection.equals(listening)) {
      connection.addListener(new Heard());
      listening = connection; // even if subscribing fails and is retried
      subscribed = Set.of();
    }
    if (subscribed.size() == listeners.size()) {
      return;
    }
    Set<String> all = Set.copyOf(listeners.keySet());
    Set<String> missing = new HashSet<>(all);
    missing.removeAll(subscribed);
    redis.await(connection.async().subscribe(missing.toArray(String[]::new)), limit);
    subscribed = all;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private final class Heard extends RedisPubSubAdapter<String, String> {
    @Override
    public void message(String channel, String text) {
      Listener listener = listeners.get(channel);
      if (listener != null) {
        safely(channel, () -> listener.message(text));
      }
    }

    @Override
    public void subscribed(String channel, long count) {
      Listener listener = listeners.get(channel);
      if (listener != null) {
        safely(channel, listener::subscribed);
      }
    }
  }

  private static void safely(String channel, Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.warn(
          "A listener failed on a message of channel {}; its periodic read will notice the change",
          channel,
          e);
    }
  }
}
