package dev.longhaul.worker;

/**
 * Counts the slots of a pool: those of its running jobs, and those kept for claims that were asked
 * for. A slot is taken from the free ones in one step, so that claims and hand-offs together never
 * take more than there are.
 */
final class Slots {
  private final int concurrency;
  private int used;
  private int reserved;

  /**
   * @param concurrency how many jobs the pool runs at once
   */
  Slots(int concurrency) {
    this.concurrency = concurrency;
  }

  /** How many jobs use one. Can be more than there are, see {@link Slot#take}. */
  synchronized int used() {
    return used;
  }

  /** How many are neither used nor reserved. */
  synchronized int free() {
    return Math.max(0, concurrency - used - reserved);
  }

  /**
   * Keeps free slots for claims.
   *
   * @param wanted how many at most
   * @param less how many of the free ones must stay
   * @return how many were free
   */
  synchronized int reserve(int wanted, int less) {
    int granted = Math.max(0, Math.min(wanted, concurrency - used - reserved - less));
    reserved += granted;
    return granted;
  }

  /** Frees reserved slots. */
  synchronized void free(int count) {
    reserved -= count;
  }

  /** A job uses a slot that was reserved for it. */
  synchronized void useReserved() {
    reserved--;
    used++;
  }

  /** A job uses a slot, even if none is free. */
  synchronized void use() {
    used++;
  }

  /** A job has ended. */
  synchronized void release() {
    used--;
  }
}
