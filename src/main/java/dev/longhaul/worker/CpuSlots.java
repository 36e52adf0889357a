package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots of this process for CPU-bound tools: those of the pool that works on the queue cpu,
 * else one per processor. A job of such a tool uses one in any queue, so callers cannot start more
 * CPU-bound jobs at once by naming another queue.
 */
final class CpuSlots {
  // Jobs given back for lack of a slot become claimable again at this interval.
  private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration MIN_DELAY = Duration.ofMillis(500);

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

  /**
   * Whether jobs of the tool take one of these slots, by its policy or because it was found to be
   * CPU-bound.
   */
  boolean isFor(Tool tool) {
    return tool.policy().queue().equals(ToolPolicy.CPU_QUEUE) || computing.has(tool.id());
  }

  /** Sets the loop of the pool that owns these slots, if this process has one. */
  void setHome(ClaimLoop loop) {
    home = loop;
  }

  /** Whether a loop's pool owns these slots. */
  boolean isHome(ClaimLoop loop) {
    return home == loop;
  }

  /** How many are used by jobs that other loops have claimed. */
  int takenElsewhere() {
    return elsewhere.get();
  }

  /**
   * Whether one is free.
   *
   * @param used how many the owning loop uses
   */
  boolean fits(int used) {
    return used + elsewhere.get() < size;
  }

  /** Takes a slot for a job that another loop has claimed, if one is free. */
  boolean tryTake() {
    int used = home == null ? 0 : home.used();
    while (true) {
      int taken = elsewhere.get();
      if (taken + used >= size) {
        return false;
      }
      if (elsewhere.compareAndSet(taken, taken + 1)) {
        if (home != null) {
          home.stopWaiting(); // its blocking claim asks for more jobs than it has slots now
        }
        return true;
      }
    }
  }

  /** The slot of a job that another loop has claimed, after {@link #tryTake}. */
  Slot elsewhere(Runnable released) {
    return new Slot() {
      @Override
      public void release() {
        elsewhere.decrementAndGet();
        if (home != null) {
          home.wake();
        }
        released.run();
      }

      @Override
      public void take() {
        elsewhere.incrementAndGet();
      }
    };
  }

  /** After what delay a job that found no slot becomes claimable again. */
  synchronized Duration offerAgain() {
    long now = nanos.getAsLong();
    if (nextOffer - now < MIN_DELAY.toNanos()) {
      nextOffer = now + MIN_DELAY.toNanos();
    } else {
      nextOffer += INTERVAL_NANOS;
    }
    return Duration.ofNanos(nextOffer - now);
  }
}
