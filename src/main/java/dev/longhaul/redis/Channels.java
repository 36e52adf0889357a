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
 * The channels that this process hears, all on one connection. Nothing is subscribed to before the
 * first of them is heard.
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

  /** Who hears a channel. It is called in one of Netty's threads and must not wait for Redis. */
  public interface Listener {
    void message(String text);

    /** Also after an interruption, in which messages may have been lost. */
    void subscribed();
  }

  /**
   * Tells whoever hears the channel.
   *
   * @throws RedisUnavailableException if Redis cannot be reached
   */
  public void publish(String channel, String message) {
    var _ = redis.run(on -> on.publish(channel, message));
  }

  /** From the next {@link #tune} on, this one hears the channel. */
  public void add(String channel, Listener listener) {
    listeners.put(channel, listener);
  }

  /** Hears a channel, as soon as Redis can be reached. */
  public void hear(String channel, Listener listener) {
    add(channel, listener);
    try {
      tune(redis.timeout());
    } catch (RedisUnavailableException e) {
      log.warn("Channel {} is heard once Redis can be reached ({})", channel, e.getMessage());
    }
  }

  /**
   * Subscribes to every channel on the connection that there is now. Whoever comes while another
   * does so goes on: when that is done, every listener is told.
   *
   * @throws RedisUnavailableException if it cannot be done within the limit
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

  // On a connection that replaces a lost one, and to what was added since.
  private void stayTuned() {
    if (!tuning.get() && tuning.compareAndSet(false, true)) {
      var _ =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("hearing of jobs", () -> tune(redis.timeout())),
              LOOK_MILLIS,
              LOOK_MILLIS,
              MILLISECONDS);
    }
  }

  private void subscribe(Duration limit) {
    StatefulRedisPubSubConnection<String, String> connection = redis.pubSub();
    if (!connection.equals(listening)) {
      connection.addListener(new Heard());
      listening = connection; // also if subscribing fails now and is tried again
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
      log.warn("A listener failed on a message of channel {}; it looks again later", channel, e);
    }
  }
}
