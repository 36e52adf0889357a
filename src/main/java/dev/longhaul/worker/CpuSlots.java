package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots of this process for tools that compute: those of the pool that works on the queue cpu,
 * else as many as there are processors. A job takes one because of its tool, whichever queue its
 * caller named; so callers cannot make more tools compute at once than there are slots.
 */
final class CpuSlots {
  // What is given back for want of a slot comes back at this pace, however much of it there is.
  private static final long PACE_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration SHORTEST = Duration.ofMillis(500);

  private final int size;
  private final ComputingTools computing;
  private final LongSupplier nanos;
  private final AtomicInteger elsewhere = new AtomicInteger();
  private @Nullable ClaimLoop home;
  private long nextOffer;

  CpuSlots(int size, ComputingTools computing, LongSupplier nanos) {
    this.size = size;
    this.computing = computing;
    this.nanos = nanos;
  }

  /** Whether jobs of the tool take one of these slots: its policy says so, or it was seen. */
  boolean isFor(Tool tool) {
    return tool.policy().queue().equals(ToolPolicy.CPU_QUEUE) || computing.has(tool.name());
  }

  /** The loop of the pool that these slots are of, if this process has it. */
  void home(ClaimLoop loop) {
    home = loop;
  }

  /** Whether a loop's own slots are these. */
  boolean isHome(ClaimLoop loop) {
    return home == loop;
  }

  /** How many of them jobs have that were claimed by other loops. */
  int takenElsewhere() {
    return elsewhere.get();
  }

  /** Whether there is one more, with so many taken by the loop whose slots these are. */
  boolean fits(int used) {
    return used + elsewhere.get() < size;
  }

  /** Takes a slot for a job that another loop claimed, if there is one. */
  boolean tryTake() {
    int used = home == null ? 0 : home.used();
    while (true) {
      int taken = elsewhere.get();
      if (taken + used >= size) {
        return false;
      }
      if (elsewhere.compareAndSet(taken, taken + 1)) {
        if (home != null) {
          home.stopWaiting(); // it waits for as many jobs as it had slots before
        }
        return true;
      }
    }
  }

  /** The slot of a job that another loop claimed and {@link #tryTake} was called for. */
  Slot elsewhere(Runnable released) {
    return new Slot() {
      @Override
      public void release() {
        elsewhere.decrementAndGet();
        if (home != null) {
          home.look();
        }
        released.run();
      }

      @Override
      public void take() {
        elsewhere.incrementAndGet();
      }
    };
  }

  /** When a job that found no slot is to be offered again. */
  synchronized Duration offerAgain() {
    long now = nanos.getAsLong();
    if (nextOffer - now < SHORTEST.toNanos()) {
      nextOffer = now + SHORTEST.toNanos();
    } else {
      nextOffer += PACE_NANOS;
    }
    return Duration.ofNanos(nextOffer - now);
  }
}
