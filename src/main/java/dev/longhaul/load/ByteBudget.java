package dev.longhaul.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of memory the requests and answers in progress may take in this process, all front
 * doors together. Safe for many threads.
 */
public final class ByteBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param max the bytes
   */
  public ByteBudget(long max) {
    this.max = max;
  }

  /** A share of it that grows and is given back at once. */
  Lease lease() {
    return new Lease(this);
  }

  /** The bytes taken now. */
  public long used() {
    return used.get();
  }

  /** The bytes there are. */
  public long max() {
    return max;
  }

  private boolean take(long bytes) {
    if (used.addAndGet(bytes) <= max) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  /** What one request has taken. Given back exactly once, whoever closes it and how often. */
  static final class Lease implements AutoCloseable {
    private final ByteBudget budget;
    private long held;
    private boolean closed;

    private Lease(ByteBudget budget) {
      this.budget = budget;
    }

    /**
     * Takes more.
     *
     * @throws OverloadedException if there is not so much, 413 if there never will be
     */
    synchronized void take(long bytes) {
      if (closed || bytes <= 0) {
        return;
      }
      if (held + bytes > budget.max) {
        throw OverloadedException.neverFits(budget.max);
      }
      if (!budget.take(bytes)) {
        throw OverloadedException.full();
      }
      held += bytes;
    }

    /** Takes more even if there is not so much: others are refused instead. */
    synchronized void force(long bytes) {
      if (!closed) {
        budget.used.addAndGet(bytes);
        held += bytes;
      }
    }

    /** Gives a part back. */
    synchronized void give(long bytes) {
      long some = Math.min(bytes, held);
      held -= some;
      budget.used.addAndGet(-some);
    }

    @Override
    public synchronized void close() {
      closed = true;
      give(held);
    }
  }
}
