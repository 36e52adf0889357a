package dev.longhaul.load;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long a client may delay a response by reading slowly: a limit in total, and the time that the
 * bytes take at 10 KB a second. A container limits each wait only. Not safe for several threads.
 */
public final class WriteAllowance {
  private static final long NANOS_PER_BYTE = 100_000;

  private long rest;

  public WriteAllowance(Duration limit) {
    rest = limit.toNanos();
  }

  /** Adds the time of bytes that are written. */
  public void add(long bytes) {
    rest += bytes * NANOS_PER_BYTE;
  }

  /** How long writes may still take, in nanoseconds. */
  public long rest() {
    return rest;
  }

  /**
   * Subtracts what a write took.
   *
   * @throws SocketTimeoutException if that was more than there was
   */
  public void spend(long nanos) throws SocketTimeoutException {
    rest -= nanos;
    if (rest < 0) {
      throw new SocketTimeoutException("The client reads too slowly");
    }
  }
}
