package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests that came on {@code /messages} and are being served. Their POSTs are answered
 * already and bound nothing, so they are counted here.
 */
final class SseRequests {
  private static final int MOST = 10_000;

  /** As many as one caller may have in execution by default, so that both transports take alike. */
  private static final int MOST_OF_A_SESSION = 1_000;

  private final Map<String, Integer> bySession = new HashMap<>();
  private int all;

  /**
   * Counts one; {@link #leave} must follow if there was room.
   *
   * @return whether there is room for it
   */
  synchronized boolean enter(String session) {
    int its = bySession.getOrDefault(session, 0);
    if (all >= MOST || its >= MOST_OF_A_SESSION) {
      return false;
    }
    bySession.put(session, its + 1);
    all++;
    return true;
  }

  synchronized void leave(String session) {
    bySession.computeIfPresent(session, (_, count) -> count == 1 ? null : count - 1);
    all--;
    if (all == 0) {
      notifyAll();
    }
  }

  /** Waits until none is left, but no longer than that. */
  synchronized void awaitNone(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (all > 0) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
