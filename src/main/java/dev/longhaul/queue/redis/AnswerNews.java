package dev.longhaul.queue.redis;

import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this process which answers were forgotten: {@code <digest of the call or -> <name>} on one
 * channel of the installation.
 */
final class AnswerNews {
  private static final Logger log = LoggerFactory.getLogger(AnswerNews.class);
  private static final String ALL = "-";

  private final RedisConnections connections;
  private final String channel;
  private final List<Consumer<Forgotten>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock subscribing = new ReentrantLock();
  private @Nullable StatefulRedisPubSubConnection<String, String> subscribed;
  private @Nullable StatefulRedisPubSubConnection<String, String> listening;

  AnswerNews(RedisConnections connections, RedisKeys keys) {
    this.connections = connections;
    this.channel = keys.forgotten();
  }

  String channel() {
    return channel;
  }

  static String message(String name, @Nullable String call) {
    return (call == null ? ALL : call) + " " + name;
  }

  Watch listen(Consumer<Forgotten> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Hears on the connection that there is now. Whoever comes while another subscribes goes on: when
   * that is done, everything is said to be forgotten anyway.
   *
   * @throws QueueUnavailableException if it does not within the time
   */
  void subscribe(Duration limit) {
    if (subscribing.tryLock()) {
      try {
        subscribed(limit);
      } finally {
        subscribing.unlock();
      }
    }
  }

  private void subscribed(Duration limit) {
    StatefulRedisPubSubConnection<String, String> connection = connections.pubSub();
    if (connection.equals(subscribed)) {
      return;
    }
    if (!connection.equals(listening)) {
      connection.addListener(listener());
      listening = connection; // also if subscribing fails now and is tried again
    }
    connections.await(connection.async().subscribe(channel), limit);
    subscribed = connection;
  }

  private RedisPubSubAdapter<String, String> listener() {
    return new RedisPubSubAdapter<>() {
      @Override
      public void message(String from, String message) {
        if (from.equals(channel)) {
          heard(message);
        }
      }

      // Also after an interruption, in which a message may have been lost.
      @Override
      public void subscribed(String to, long count) {
        if (to.equals(channel)) {
          tell(new Forgotten.Anything());
        }
      }
    };
  }

  private void heard(String message) {
    int blank = message.indexOf(' ');
    if (blank > 0) {
      String call = message.substring(0, blank);
      String name = message.substring(blank + 1);
      tell(call.equals(ALL) ? new Forgotten.Name(name) : new Forgotten.Call(name, call));
    }
  }

  private void tell(Forgotten what) {
    for (Consumer<Forgotten> listener : listeners) {
      try {
        listener.accept(what);
      } catch (RuntimeException e) {
        log.warn("A listener to forgotten answers failed; they end by themselves", e);
      }
    }
  }
}
