package dev.longhaul.worker;

/** The slot of a running job in its pool. */
interface Slot {
  /** Frees the slot for another job. */
  void release();

  /** Takes the slot back, even if the pool is full by now; then it runs one job more. */
  void take();
}
