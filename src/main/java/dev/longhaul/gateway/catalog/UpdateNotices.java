package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.catalog.ResourceOwners.Owned;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces updates of resources in a thread of its own, the first at once. Those that come while
 * others are announced are merged, so that an upstream which sends many costs no more than a few.
 */
final class UpdateNotices {
  private static final Logger log = LoggerFactory.getLogger(UpdateNotices.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Consumer<Owned> announce;

  // Guarded by this object.
  private final Set<Owned> pending = new LinkedHashSet<>();
  private boolean sending;

  /**
   * @param announce announces one; may block
   */
  UpdateNotices(Consumer<Owned> announce) {
    this.announce = announce;
  }

  /** A resource was updated. Does not block. */
  synchronized void add(Owned resource) {
    pending.add(resource);
    if (!sending) {
      sending = true;
      var _ = Threads.virtual("longhaul-upstream-updates", this::send);
    }
  }

  private void send() {
    try {
      for (List<Owned> next = next(); !next.isEmpty(); next = next()) {
        next.forEach(this::announce);
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<Owned> next() {
    List<Owned> next = List.copyOf(pending);
    pending.clear();
    sending = !next.isEmpty();
    return next;
  }

  private void announce(Owned resource) {
    try {
      announce.accept(resource);
    } catch (RuntimeException e) {
      log.warn("An update of a resource of upstream {} is lost", resource.upstream(), e);
    }
  }
}
