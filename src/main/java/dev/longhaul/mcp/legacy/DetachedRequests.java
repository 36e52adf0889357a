package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits the requests that are served without an open HTTP request: those sent to {@code
 * /messages}, whose POST has its response already, and those whose stream was resumed here. The
 * server's limit on connections does not cover them.
 */
final class DetachedRequests {
  private static final int MAX_TOTAL = 10_000;

  /**
   * The same as the default limit of calls in execution per caller, so that both transports allow
   * as many.
   */
  private static final int MAX_PER_SESSION = 1_000;

  private final Map<String, Integer> bySession = new HashMap<>();
  private int all;

  /**
   * Counts a request; if this returns true, {@link #leave} must follow.
   *
   * @return whether the limits allow it
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
   * Checks the limits without counting.
   *
   * @throws RpcException 503 if they are reached
   */
  synchronized void requireRoom(String session) {
    if (isFull(session)) {
      throw new RpcException(503, tooMany());
    }
  }

  /** The error when a limit is reached. */
  static RpcError tooMany() {
    return new RpcError(
        ErrorCode.UNAVAILABLE,
        "This session or this process has too many requests in progress; try again.",
        Replies.object().put("retryAfterSeconds", 1));
  }

  private boolean isFull(String session) {
    return all >= MAX_TOTAL || bySession.getOrDefault(session, 0) >= MAX_PER_SESSION;
  }

  synchronized void leave(String session) {
    bySession.computeIfPresent(session, (_, count) -> count == 1 ? null : count - 1);
    all--;
    if (all == 0) {
      notifyAll();
    }
  }

  /** Waits until no request is left, at most that long. */
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
