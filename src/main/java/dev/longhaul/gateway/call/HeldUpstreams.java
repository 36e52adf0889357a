package dev.longhaul.gateway.call;

import dev.longhaul.job.RandomText;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stdio upstreams that this process runs, because it holds their leases. One process of an
 * installation holds the lease of an upstream. Leases are renewed every third of their time. When
 * two renewals in a row have failed, the upstream is stopped in the third that is left, before
 * another process can take the lease.
 */
final class HeldUpstreams implements AutoCloseable {
  /** How long a lease lasts without renewal. */
  static final Duration LEASE = Duration.ofSeconds(12);

  private static final Logger log = LoggerFactory.getLogger(HeldUpstreams.class);
  private static final int TICKS = 12;

  private final UpstreamLeases leases;
  private final long lease;
  private final Listener listener;
  private final LongSupplier nanos;
  private final String process = RandomText.hex(8);
  private final Map<String, Held> held = new HashMap<>();
  private final Set<String> ending = new HashSet<>();
  private Set<String> wanted = Set.of();
  private long terms;
  private long renewed;
  private @Nullable ScheduledExecutorService timer;

  /** Learns what this process holds. */
  interface Listener {
    /** This process may run the upstream from now on. */
    void won(String upstream);

    /** This process may not run it any more; returns when the upstream's process has ended. */
    void lost(String upstream);
  }

  /**
   * An upstream that is held.
   *
   * @param term a number that no other time of holding has in this process
   * @param until when its stop begins unless it was renewed, in nanoseconds
   */
  private record Held(long term, long until) {}

  /**
   * @param nanos supplies {@link System#nanoTime}
   */
  HeldUpstreams(UpstreamLeases leases, Duration lease, Listener listener, LongSupplier nanos) {
    this.leases = leases;
    this.lease = lease.toNanos();
    this.listener = listener;
    this.nanos = nanos;
    this.renewed = nanos.getAsLong() - this.lease;
  }

  /** Begins to take leases. */
  synchronized void start() {
    // Two threads: one may wait for Redis while the other one stops what is over.
    var ticks = Threads.timer("longhaul-upstream-leases", 2);
    var _ =
        ticks.scheduleWithFixedDelay(
            Supervised.repeated("renewing the leases of upstreams", this::renewIfDue),
            0,
            lease / TICKS,
            TimeUnit.NANOSECONDS);
    var _ =
        ticks.scheduleWithFixedDelay(
            Supervised.repeated("stopping upstreams whose lease ends", this::endOverdue),
            lease / TICKS,
            lease / TICKS,
            TimeUnit.NANOSECONDS);
    timer = ticks;
  }

  /** Sets which upstreams this process wants to run; others are stopped and given up. */
  void want(Set<String> upstreams) {
    List<String> unwanted;
    synchronized (this) {
      if (!wanted.containsAll(upstreams)) {
        renewed = nanos.getAsLong() - lease; // with the next tick
      }
      wanted = Set.copyOf(upstreams);
      unwanted = held.keySet().stream().filter(name -> !wanted.contains(name)).toList();
    }
    unwanted.forEach(this::end);
  }

  /** Whether this process may start or use the upstream now. */
  boolean holds(String upstream) {
    return term(upstream) > 0;
  }

  /** The number of the present time of holding; 0 if this process does not hold the upstream. */
  synchronized long term(String upstream) {
    Held found = held.get(upstream);
    return found == null || found.until - nanos.getAsLong() <= 0 ? 0 : found.term;
  }

  void renewIfDue() {
    synchronized (this) {
      if (nanos.getAsLong() - renewed < lease / 3) {
        return;
      }
    }
    renewNow();
  }

  /** Takes and renews leases without waiting for the next time. */
  void renewNow() {
    Set<String> names;
    long before = nanos.getAsLong(); // the leases last at least so long from here
    synchronized (this) {
      names = new HashSet<>(wanted);
      names.removeAll(ending);
    }
    Set<String> mine = leases.hold(process, names, Duration.ofNanos(lease));
    Set<String> won = new HashSet<>();
    Set<String> lost = new HashSet<>();
    synchronized (this) {
      renewed = before;
      for (String name : names) {
        Held known = held.get(name);
        if (!mine.contains(name)) {
          if (known != null) {
            lost.add(name);
          }
        } else if (known == null) {
          if (wanted.contains(name) && !ending.contains(name)) {
            held.put(name, new Held(++terms, before + 2 * lease / 3));
            won.add(name);
          }
        } else if (known.until - before > 0) {
          // Not one that is overdue: another process may have held it meanwhile.
          held.put(name, new Held(known.term, Math.max(known.until, before + 2 * lease / 3)));
        }
      }
    }
    lost.forEach(this::end);
    for (String name : won) {
      log.info("This process runs upstream {} from now on", name);
      listener.won(name);
    }
  }

  void endOverdue() {
    List<String> overdue;
    synchronized (this) {
      long now = nanos.getAsLong();
      overdue =
          held.entrySet().stream()
              .filter(entry -> entry.getValue().until - now <= 0)
              .map(Map.Entry::getKey)
              .toList();
    }
    if (!overdue.isEmpty()) {
      log.warn(
          "The leases of the upstreams {} could not be renewed; this process stops them, so that"
              + " another one can run them",
          overdue);
      inParallel(overdue);
    }
  }

  // All at once: each may need a few seconds.
  private void inParallel(List<String> upstreams) {
    List<Thread> threads =
        upstreams.stream()
            .map(name -> Threads.virtual("longhaul-upstream-end-" + name, () -> end(name)))
            .toList();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(String upstream) {
    synchronized (this) {
      if (held.remove(upstream) == null) {
        return;
      }
      ending.add(upstream);
    }
    try {
      listener.lost(upstream);
      leases.giveUp(process, Set.of(upstream));
    } catch (RuntimeException e) {
      log.info(
          "The lease of upstream {} could not be given up ({}); it ends by itself",
          upstream,
          e.getMessage());
    } finally {
      synchronized (this) {
        ending.remove(upstream);
      }
    }
  }

  /** Stops and gives up all; nothing is taken any more. */
  @Override
  public void close() {
    List<String> all;
    synchronized (this) {
      if (timer != null) {
        timer.shutdown();
        timer = null;
      }
      wanted = Set.of();
      all = List.copyOf(held.keySet());
    }
    inParallel(all);
  }
}
