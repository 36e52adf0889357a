package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.delivery.WaitEnd;
import dev.longhaul.mcp.wire.Json;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * The calls in progress in this process by session and request id, so that notifications/cancelled
 * finds them.
 */
final class InFlight {
  /** The longest key that is published; ids of requests are shorter. */
  private static final int LONGEST_ID = 1_000;

  private final ConcurrentHashMap<String, Wait> calls = new ConcurrentHashMap<>();
  private final Signals signals;

  InFlight(Signals signals) {
    this.signals = signals;
    signals.onCancelled(request -> cancelHere(request.key(), request.timedOut()));
  }

  /** Ids are compared with their JSON type: 1 is not "1". */
  record Key(String session, JsonNode id) {
    @Override
    public String toString() {
      return session + " " + Json.text(id);
    }
  }

  /** Serves a call that can be cancelled from any process meanwhile. */
  void during(String session, Call call, Serving serving) throws InterruptedException {
    String key = new Key(session, call.id()).toString();
    calls.put(key, call.waiting());
    try {
      serving.run();
    } finally {
      calls.remove(key, call.waiting());
    }
  }

  @FunctionalInterface
  interface Serving {
    void run() throws InterruptedException;
  }

  /**
   * Cancels a request in any process. Unknown and finished ids are ignored, as the specification
   * requires.
   *
   * @param reason the client's reason, or an empty string; a client that names its own time-out has
   *     not cancelled the job
   */
  void cancel(Key key, String reason) {
    boolean timedOut = saysTimedOut(reason);
    if (cancelHere(key.toString(), timedOut)) {
      return;
    }
    boolean isId = key.id().isString() || key.id().isIntegralNumber();
    if (isId && key.toString().length() <= LONGEST_ID) {
      signals.publish(Signals.cancelled(key, timedOut));
    }
  }

  private boolean cancelHere(String key, boolean timedOut) {
    Wait wait = calls.get(key);
    if (wait != null) {
      wait.stop(timedOut ? WaitEnd.CLIENT_TIMED_OUT : WaitEnd.CLIENT_CANCELLED);
    }
    return wait != null;
  }

  // The texts of the official clients: "Request timed out" (TypeScript), "timed out" (Python).
  private static boolean saysTimedOut(String reason) {
    String text = reason.toLowerCase(Locale.ROOT);
    return text.contains("timed out") || text.contains("timeout") || text.contains("time-out");
  }
}
