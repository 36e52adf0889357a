package dev.longhaul.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The jobs of this process that wait for an answer of their client. Each keeps a thread, so only so
 * many may wait without a slot; the others keep theirs, and the pool runs fewer jobs meanwhile.
 */
final class AskingJobs {
  private final Semaphore places;
  private final AtomicInteger waiting = new AtomicInteger();

  AskingJobs(int most) {
    this.places = new Semaphore(most);
  }

  /** How many wait, with or without a slot. */
  int count() {
    return waiting.get();
  }

  /**
   * A job begins to wait; {@link #goesOn} must follow.
   *
   * @return whether it gave up its slot
   */
  boolean waits(Slot slot) {
    waiting.incrementAndGet();
    boolean free = places.tryAcquire();
    if (free) {
      slot.release();
    }
    return free;
  }

  /** It goes on. */
  void goesOn(Slot slot, boolean gaveUpSlot) {
    waiting.decrementAndGet();
    if (gaveUpSlot) {
      places.release();
      slot.take();
    }
  }
}
