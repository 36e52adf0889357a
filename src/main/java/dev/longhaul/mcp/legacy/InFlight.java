package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.delivery.WaitEnd;
import dev.longhaul.mcp.wire.Json;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The calls this process holds open, by session and request id, for notifications/cancelled. */
final class InFlight {
  /** No request of ours or of a client has a longer id. */
  private static final int LONGEST_ID = 1_000;

  private final ConcurrentHashMap<String, Wait> calls = new ConcurrentHashMap<>();
  private final Signals signals;

  InFlight(Signals signals) {
    this.signals = signals;
    signals.onCancelled(this::cancelHere);
  }

  /** Ids are compared with their JSON type: 1 is not "1". */
  record Key(String session, JsonNode id) {
    @Override
    public String toString() {
      return session + " " + Json.text(id);
    }
  }

  void add(Key key, Wait wait) {
    calls.put(key.toString(), wait);
  }

  void remove(Key key, Wait wait) {
    calls.remove(key.toString(), wait);
  }

  /**
   * Cancels a request, whichever process holds it. Unknown and finished ids are ignored, as the
   * revisions ask.
   */
  void cancel(Key key) {
    if (cancelHere(key.toString())) {
      return;
    }
    boolean isId = key.id().isString() || key.id().isIntegralNumber();
    if (isId && key.toString().length() <= LONGEST_ID) {
      signals.publish(Signals.cancelled(key));
    }
  }

  private boolean cancelHere(String key) {
    Wait wait = calls.get(key);
    if (wait != null) {
      wait.stop(WaitEnd.CLIENT_CANCELLED);
    }
    return wait != null;
  }
}
