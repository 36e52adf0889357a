package dev.longhaul.load;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits the calls in execution per caller in this process. Each call of a JSON-RPC batch counts;
 * event streams do not.
 */
public final class CallLimit {
  private final int max;
  private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();

  /** A call in execution, until it is closed. */
  @FunctionalInterface
  public interface Permit extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param max the limit per caller
   */
  public CallLimit(int max) {
    this.max = max;
  }

  /**
   * Begins a call.
   *
   * @param caller the caller's stable name
   * @throws OverloadedException 429 if the caller has reached the limit
   */
  public Permit enter(String caller) {
    running.compute(
        caller,
        (_, before) -> {
          int count = before == null ? 0 : before;
          if (count >= max) {
            refused.increment();
            throw OverloadedException.tooManyCalls(max);
          }
          return count + 1;
        });
    return () -> running.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
  }

  /** How many calls were refused so far. */
  public long refused() {
    return refused.sum();
  }

  /** How many callers have calls in execution. */
  public int callers() {
    return running.size();
  }
}
