package dev.longhaul.gateway.call;

import dev.longhaul.gateway.session.UpstreamSession;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a session to what changes it is to listen, in a thread of its own: one after another, and
 * of those that wait only the newest. After a failure it is tried again when it is told again, but
 * less and less often.
 */
final class Follower {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String upstream;
  private final UpstreamSession session;
  private final Consumer<Wish> applied;
  private final LongSupplier nanos;
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

  // Guarded by this object.
  private Wish wanted = Wish.NOTHING;
  private Wish present = Wish.NOTHING;
  private @Nullable Thread thread;

  /**
   * What a session listens to.
   *
   * @param lists whether to changes of the lists
   * @param resources the resources to whose updates
   */
  record Wish(boolean lists, Set<String> resources) {
    static final Wish NOTHING = new Wish(false, Set.of());

    Wish {
      resources = Set.copyOf(resources);
    }
  }

  /**
   * @param applied learns to what the session listens now
   * @param nanos supplies {@link System#nanoTime}
   */
  Follower(String upstream, UpstreamSession session, Consumer<Wish> applied, LongSupplier nanos) {
    this.upstream = upstream;
    this.session = session;
    this.applied = applied;
    this.nanos = nanos;
  }

  /** Sets to what the session is to listen. Does not block. */
  synchronized void want(Wish wish) {
    if (!wish.equals(wanted)) {
      wanted = wish;
      backoff.worked();
    }
    boolean waits = backoff.left(nanos.getAsLong()).isPositive();
    if (thread == null && !wish.equals(present) && !waits) {
      thread = Threads.virtual("longhaul-upstream-follow-" + upstream, this::run);
    }
  }

  /** Whether the session listens to this. */
  synchronized boolean follows(Wish wish) {
    return present.equals(wish);
  }

  private void run() {
    for (Wish next = next(); next != null; next = next()) {
      if (apply(next)) {
        applied.accept(next);
      }
    }
  }

  private synchronized @Nullable Wish next() {
    boolean waits =
        backoff.left(nanos.getAsLong()).isPositive() || Thread.currentThread().isInterrupted();
    if (wanted.equals(present) || waits) {
      thread = null;
      return null;
    }
    return wanted;
  }

  private boolean apply(Wish wish) {
    try {
      session.follow(wish.lists(), wish.resources());
      synchronized (this) {
        present = wish;
        backoff.worked();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      synchronized (this) {
        backoff.failed(nanos.getAsLong());
      }
      log.info(
          "Changes of upstream {} are not announced: {} It is asked again.",
          upstream,
          e.getMessage());
    }
    return false;
  }
}
