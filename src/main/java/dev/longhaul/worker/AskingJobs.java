package dev.longhaul.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the jobs of this process that wait for an answer of their client. Each keeps a thread, so
 * only a limited number may release its slot while it waits; further ones keep their slot, and the
 * pool runs fewer jobs meanwhile.
 */
final class AskingJobs {
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();

  AskingJobs(int most) {
    this.permits = new Semaphore(most);
  }

  /** How many jobs wait, with or without a slot. */
  int count() {
    return waiting.get();
  }

  /**
   * A job begins to wait; {@link #endWait} must follow.
   *
   * @return whether it has released its slot
   */
  boolean beginWait(Slot slot) {
    waiting.incrementAndGet();
    boolean free = permits.tryAcquire();
    if (free) {
      slot.release();
    }
    return free;
  }

  /** The job continues. */
  void endWait(Slot slot, boolean gaveUpSlot) {
    waiting.decrementAndGet();
    if (gaveUpSlot) {
      permits.release();
      slot.take();
    }
  }
}
