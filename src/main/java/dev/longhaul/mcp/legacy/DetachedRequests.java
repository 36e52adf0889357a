package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests that are served without a connection of their own: those that came on {@code
 * /messages}, whose POSTs are answered already, and those whose stream was resumed here. No
 * connection bounds them, so they are counted here.
 */
final class DetachedRequests {
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
    if (isFull(session)) {
      return false;
    }
    bySession.merge(session, 1, Integer::sum);
    all++;
    return true;
  }

  /**
   * The same, for what must not begin without it.
   *
   * @throws RpcException 503 if there is no room
   */
  synchronized void requireRoom(String session) {
    if (isFull(session)) {
      throw new RpcException(503, tooMany());
    }
  }

  /** What is said where there is no room. */
  static RpcError tooMany() {
    return new RpcError(
        ErrorCode.UNAVAILABLE,
        "This session or this process has too many requests in progress; try again.",
        Replies.object().put("retryAfterSeconds", 1));
  }

  private boolean isFull(String session) {
    return all >= MOST || bySession.getOrDefault(session, 0) >= MOST_OF_A_SESSION;
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
