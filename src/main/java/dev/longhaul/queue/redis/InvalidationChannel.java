package dev.longhaul.queue.redis;

import dev.longhaul.queue.CacheStore.Invalidation;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.redis.Channels;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The channel on which processes tell each other which cached results are no longer valid. */
final class InvalidationChannel implements Channels.Listener {
  private static final String ALL_CALLS = "-";

  private final List<Consumer<Invalidation>> listeners = new CopyOnWriteArrayList<>();

  /** The message: {@code <digest of the call or -> <name>}. */
  static String message(Invalidation what) {
    return (what.call() == null ? ALL_CALLS : what.call()) + " " + what.name();
  }

  Watch listen(Consumer<Invalidation> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void message(String message) {
    int blank = message.indexOf(' ');
    if (blank > 0) {
      String call = message.substring(0, blank);
      tell(new Invalidation(message.substring(blank + 1), call.equals(ALL_CALLS) ? null : call));
    }
  }

  /** On a new subscription anything may have been invalidated without a message reaching us. */
  @Override
  public void subscribed() {
    tell(new Invalidation(null, null));
  }

  private void tell(Invalidation what) {
    listeners.forEach(listener -> listener.accept(what));
  }
}
