package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a refusal as a response, in the form of the endpoint that was called. */
public final class RefusalWriter {
  private static final int INVALID_REQUEST = -32600;

  private final String mcpPath;
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * @param mcpPath the path of the MCP endpoint, where a refusal is a JSON-RPC error; elsewhere it
   *     is a problem document (RFC 9457)
   */
  public RefusalWriter(String mcpPath) {
    this.mcpPath = mcpPath;
  }

  /** Writes the refusal. */
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

  /** Without an id, because the request was not read. */
  private ObjectNode rpcError(Refusal refusal) {
    ObjectNode body = json.createObjectNode().put("jsonrpc", "2.0");
    body.putObject("error").put("code", INVALID_REQUEST).put("message", refusal.detail());
    return body;
  }
}
