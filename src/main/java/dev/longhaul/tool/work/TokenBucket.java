package dev.longhaul.tool.work;

import dev.longhaul.tool.JobStoppedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits a rate within this process: a number of tokens per second, some of which can be saved for
 * bursts. Callers are served in order. For a rate across all processes set {@code
 * longhaul.tools.<name>.rate}.
 */
public final class TokenBucket {
  private static final String STEP = "waiting for the rate";
  private static final double NANOS = 1e9;

  /** Waits; replaced in tests. */
  interface Pause {
    void nanos(long nanos) throws InterruptedException;
  }

  private final double perNano;
  private final int burst;
  private final LongSupplier now;
  private final Pause pause;
  private double tokens;
  private long at;

  /**
   * Creates a full bucket.
   *
   * @param perSecond tokens per second, more than 0
   * @param burst the maximum number of saved tokens, and of tokens taken at once; at least 1
   */
  public TokenBucket(double perSecond, int burst) {
    this(perSecond, burst, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  TokenBucket(double perSecond, int burst, LongSupplier now, Pause pause) {
    if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
      throw new IllegalArgumentException("perSecond is " + perSecond + "; give more than 0.");
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst is " + burst + "; give 1 or more.");
    }
    this.perNano = perSecond / NANOS;
    this.burst = burst;
    this.now = now;
    this.pause = pause;
    this.tokens = burst;
    this.at = now.getAsLong();
  }

  /** Takes one token; see {@link #take(int)}. */
  public Duration take() {
    return take(1);
  }

  /**
   * Takes tokens, and waits until they are available.
   *
   * @param count 1 to the burst
   * @return how long it waited; zero if they were available
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted;
   *     no tokens are taken then
   */
  public Duration take(int count) {
    check(count);
    long began = now.getAsLong();
    long until = began + reserve(count);
    long waited = 0;
    try {
      for (long left = until - began; left > 0; left = until - began - waited) {
        Stops.check(STEP);
        pause.nanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(Stops.LOOK_MILLIS)));
        waited = now.getAsLong() - began;
      }
      return Duration.ofNanos(waited);
    } catch (InterruptedException e) {
      giveBack(count);
      throw Stops.interrupted(STEP);
    } catch (JobStoppedException e) {
      giveBack(count);
      throw e;
    }
  }

  /**
   * Takes tokens if they are available.
   *
   * @return whether they were available
   */
  public synchronized boolean tryTake(int count) {
    check(count);
    refill();
    if (tokens < count) {
      return false;
    }
    tokens -= count;
    return true;
  }

  private void check(int count) {
    if (count < 1 || count > burst) {
      throw new IllegalArgumentException(
          "count is " + count + "; give 1 to " + burst + ", the bucket's burst.");
    }
  }

  // The number of tokens is negative while callers wait: they have taken tokens in advance, which
  // preserves their order.
  private synchronized long reserve(int count) {
    refill();
    tokens -= count;
    return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perNano);
  }

  private synchronized void giveBack(int count) {
    tokens = Math.min(burst, tokens + count);
  }

  private void refill() {
    long time = now.getAsLong();
    tokens = Math.min(burst, tokens + (time - at) * perNano);
    at = time;
  }
}
