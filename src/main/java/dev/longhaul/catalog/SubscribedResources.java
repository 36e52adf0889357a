package dev.longhaul.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The resources to whose updates clients of this process have subscribed. Resources of this server
 * announce their updates anyway, by {@link dev.longhaul.tool.Changes}; a source of others'
 * resources asks for updates of these only.
 */
public final class SubscribedResources {
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Runnable> reviews = new CopyOnWriteArrayList<>();
  private volatile Source source = new Source() {};

  /** Brings updates of resources that are not this server's own. */
  public interface Source {

    /** Whether it has resources whose updates it can bring. */
    default boolean isUseful() {
      return false;
    }

    /** The subscribed resources have changed. It must not block. */
    default void changed() {}

    /**
     * Waits until updates of these resources come, but not long.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    default void await(Collection<String> uris) throws InterruptedException {}
  }

  /** The subscriptions of one client, until they are closed. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Sets the source. */
  public void source(Source of) {
    source = of;
  }

  /** Whether there is a source to which subscriptions matter. */
  public boolean isUseful() {
    return source.isUseful();
  }

  /** Subscribes a client of this process to these resources, without duplicates. */
  public Subscription subscribe(Set<String> uris) {
    Set<String> all = Set.copyOf(uris);
    count(all, 1);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        count(all, -1);
      }
    };
  }

  private void count(Set<String> uris, int more) {
    boolean other = false;
    synchronized (counts) {
      int before = counts.size();
      for (String uri : uris) {
        counts.merge(uri, more, (one, two) -> one + two == 0 ? null : one + two);
      }
      other = counts.size() != before;
    }
    if (other) {
      source.changed();
    }
  }

  /** All that are subscribed to. */
  public Set<String> uris() {
    synchronized (counts) {
      return Set.copyOf(counts.keySet());
    }
  }

  /** Waits until updates of these resources come, but not long. */
  public void await(Collection<String> uris) throws InterruptedException {
    source.await(uris);
  }

  /** Adds what is done every few seconds, to end subscriptions whose clients have gone. */
  public void onReview(Runnable review) {
    reviews.add(review);
  }

  /** Ends the subscriptions of clients that have gone. */
  public void review() {
    reviews.forEach(Runnable::run);
  }
}
