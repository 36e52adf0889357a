package dev.longhaul.load;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the memory of all requests and responses in progress in this process. Thread-safe. */
public final class ByteBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param max the bytes
   */
  public ByteBudget(long max) {
    this.max = max;
  }

  /** A lease, whose size can grow and which is released as a whole. */
  Lease lease() {
    return new Lease(this);
  }

  /** The bytes in use. */
  public long used() {
    return used.get();
  }

  /** The limit in bytes. */
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

  /** The memory of one request. Released only once, however often it is closed. */
  static final class Lease implements AutoCloseable {
    private final ByteBudget budget;
    private long held;
    private boolean closed;

    private Lease(ByteBudget budget) {
      this.budget = budget;
    }

    /**
     * Takes more memory.
     *
     * @throws OverloadedException if the limit is reached; 413 if the request alone exceeds it
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

    /** Takes more memory even beyond the limit; other requests are refused instead. */
    synchronized void force(long bytes) {
      if (!closed) {
        budget.used.addAndGet(bytes);
        held += bytes;
      }
    }

    /** Releases a part. */
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
