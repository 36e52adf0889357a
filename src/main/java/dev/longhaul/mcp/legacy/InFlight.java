package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.delivery.WaitEnd;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The calls this process holds open, by session and request id, for notifications/cancelled. */
final class InFlight {
  private final ConcurrentHashMap<Key, Wait> calls = new ConcurrentHashMap<>();

  /** Ids are compared with their JSON type: 1 is not "1". */
  private record Key(String session, JsonNode id) {}

  void add(String session, JsonNode id, Wait wait) {
    calls.put(new Key(session, id), wait);
  }

  void remove(String session, JsonNode id, Wait wait) {
    calls.remove(new Key(session, id), wait);
  }

  /** Unknown and finished ids are ignored, as the revisions ask. */
  void cancel(String session, JsonNode id) {
    Wait wait = calls.get(new Key(session, id));
    if (wait != null) {
      wait.stop(WaitEnd.CLIENT_CANCELLED);
    }
  }
}
