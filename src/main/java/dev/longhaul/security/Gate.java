package dev.longhaul.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stands before everything else and turns away what {@link Doorkeeper} refuses, with 403. */
final class Gate implements Filter {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final int INVALID_REQUEST = -32600;

  private final Doorkeeper doorkeeper;
  private final String mcpPath;
  private final JsonMapper json = JsonMapper.builder().build();

  Gate(Doorkeeper doorkeeper, String mcpPath) {
    this.doorkeeper = doorkeeper;
    this.mcpPath = mcpPath;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse answer) {
      Optional<Refusal> refusal =
          doorkeeper.refuses(headers(http, "Host"), headers(http, "Origin"));
      if (refusal.isPresent()) {
        log.debug("Turned away: {}", refusal.get().code());
        refuse(http, answer, refusal.get());
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
      throws IOException {
    boolean mcp = request.getServletPath().startsWith(mcpPath);
    ObjectNode body = mcp ? rpcError(refusal) : problem(refusal);
    response.setStatus(HttpServletResponse.SC_FORBIDDEN);
    response.setContentType(mcp ? "application/json" : "application/problem+json");
    response.getOutputStream().write(json.writeValueAsBytes(body));
  }

  private ObjectNode problem(Refusal refusal) {
    return json.createObjectNode()
        .put("type", "urn:longhaul:problem:" + refusal.code())
        .put("title", refusal.title())
        .put("status", HttpServletResponse.SC_FORBIDDEN)
        .put("detail", refusal.detail());
  }

  /** Without an id: the request was not even read. */
  private ObjectNode rpcError(Refusal refusal) {
    ObjectNode body = json.createObjectNode().put("jsonrpc", "2.0");
    body.putObject("error").put("code", INVALID_REQUEST).put("message", refusal.detail());
    return body;
  }

  private static List<String> headers(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }
}
