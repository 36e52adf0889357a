package dev.longhaul.gateway.rpc;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to an upstream.
 *
 * @param method the MCP method
 * @param params its params, with {@code _meta} if it has one
 * @param headers HTTP headers of this request alone, such as {@code Mcp-Method}; stdio ignores them
 * @param limit how long the response may take; null for no limit, because the caller interrupts
 * @param cancellation how an interrupted request is cancelled
 */
public record Request(
    String method,
    ObjectNode params,
    Map<String, String> headers,
    @Nullable Duration limit,
    Cancellation cancellation) {
  public Request {
    headers = Map.copyOf(headers);
  }

  /** How the upstream learns that nobody waits for a response any more. */
  public enum Cancellation {
    /** {@code notifications/cancelled} with the id of the request. */
    NOTIFICATION,
    /** Over HTTP the stream of the request is closed, which is what 2026-07-28 has instead. */
    CLOSE,
    /**
     * Not at all: the protocol forbids it for {@code initialize}, and a task has its own method.
     */
    NONE
  }
}
