package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tells a client why it is turned away, in the form of the front door it came to. */
public final class RefusalWriter {
  private static final int INVALID_REQUEST = -32600;

  private final String mcpPath;
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * A writer.
   *
   * @param mcpPath where the MCP endpoint is: there a refusal is a JSON-RPC error, elsewhere a
   *     problem document (RFC 9457)
   */
  public RefusalWriter(String mcpPath) {
    this.mcpPath = mcpPath;
  }

  /** Answers the request with the refusal. */
  public void write(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
      throws IOException {
    boolean mcp = request.getServletPath().startsWith(mcpPath);
    ObjectNode body = mcp ? rpcError(refusal) : problem(refusal);
    response.setStatus(refusal.status());
    response.setContentType(mcp ? "application/json" : "application/problem+json");
    response.getOutputStream().write(json.writeValueAsBytes(body));
  }

  private ObjectNode problem(Refusal refusal) {
    return json.createObjectNode()
        .put("type", "urn:longhaul:problem:" + refusal.code())
        .put("title", refusal.title())
        .put("status", refusal.status())
        .put("detail", refusal.detail());
  }

  /** Without an id: the request was not even read. */
  private ObjectNode rpcError(Refusal refusal) {
    ObjectNode body = json.createObjectNode().put("jsonrpc", "2.0");
    body.putObject("error").put("code", INVALID_REQUEST).put("message", refusal.detail());
    return body;
  }
}
