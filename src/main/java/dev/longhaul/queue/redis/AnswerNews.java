package dev.longhaul.queue.redis;

import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this process which answers were forgotten: {@code <digest of the call or -> <name>} on one
 * channel of the installation.
 */
final class AnswerNews implements Channels.Listener {
  private static final Logger log = LoggerFactory.getLogger(AnswerNews.class);
  private static final String ALL = "-";

  private final QueueConnections connections;
  private final String channel;
  private final List<Consumer<Forgotten>> listeners = new CopyOnWriteArrayList<>();

  AnswerNews(QueueConnections connections, RedisKeys keys) {
    this.connections = connections;
    this.channel = keys.forgotten();
    connections.add(channel, this);
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
   * Hears of them from now on. Whoever comes while another subscribes goes on: when that is done,
   * everything is said to be forgotten anyway.
   *
   * @throws QueueUnavailableException if it does not within the time
   */
  void subscribe(Duration limit) {
    connections.tune(limit);
  }

  @Override
  public void message(String message) {
    int blank = message.indexOf(' ');
    if (blank > 0) {
      String call = message.substring(0, blank);
      String name = message.substring(blank + 1);
      tell(call.equals(ALL) ? new Forgotten.Name(name) : new Forgotten.Call(name, call));
    }
  }

  @Override
  public void subscribed() {
    tell(new Forgotten.Anything()); // a message may have been lost
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
