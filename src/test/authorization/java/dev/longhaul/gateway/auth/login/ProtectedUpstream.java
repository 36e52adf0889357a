package dev.longhaul.gateway.auth.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An MCP server (2025-06-18, streamable HTTP) that takes access tokens of one authorization server
 * which are for itself, and says where that server is.
 */
final class ProtectedUpstream implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestAuthorizationServer authorization;
  private final HttpServer server;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String lastToken;

  ProtectedUpstream(TestAuthorizationServer authorization) {
    this.authorization = authorization;
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/mcp", this::mcp);
    server.createContext("/.well-known/oauth-protected-resource/mcp", this::metadata);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
  }

  /** The last token that it has accepted. */
  @Nullable String lastToken() {
    return lastToken;
  }

  /** Accepts this token no longer. */
  void refuse(String token) {
    refused.add(token);
  }

  private void metadata(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        """
        {"resource": "%s", "authorization_servers": ["%s"], "scopes_supported": ["notes"]}
        """
            .formatted(url(), authorization.issuer()));
  }

  private void mcp(HttpExchange exchange) throws IOException {
    if (!isAuthorized(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer error=\"invalid_token\", resource_metadata=\""
                  + url().replace("/mcp", "/.well-known/oauth-protected-resource/mcp")
                  + "\"");
      answer(exchange, 401, "{}");
      return;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, "{}");
      return;
    }
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    if (!request.has("id")) {
      exchange.sendResponseHeaders(202, -1);
      exchange.close();
      return;
    }
    String result =
        switch (request.path("method").asString()) {
          case "initialize" ->
              """
              {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
               "serverInfo": {"name": "protected", "version": "1"}}
              """;
          case "tools/list" ->
              """
              {"tools": [{"name": "whoami", "inputSchema": {"type": "object"}}]}
              """;
          case "tools/call" ->
              """
              {"content": [{"type": "text", "text": "%s"}]}
              """
                  .formatted(authorization.decoder().decode(lastToken).getSubject());
          default -> null;
        };
    answer(
        exchange,
        200,
        "{\"jsonrpc\": \"2.0\", \"id\": "
            + request.path("id")
            + (result == null
                ? ", \"error\": {\"code\": -32601, \"message\": \"unknown\"}}"
                : ", \"result\": " + result + "}"));
  }

  private boolean isAuthorized(@Nullable String header) {
    if (header == null || !header.startsWith("Bearer ")) {
      return false;
    }
    String token = header.substring("Bearer ".length());
    try {
      Jwt jwt = authorization.decoder().decode(token);
      boolean good =
          jwt.getAudience().contains(url())
              && authorization.issuer().equals(jwt.getClaimAsString("iss"))
              && !refused.contains(token);
      if (good) {
        lastToken = token;
      }
      return good;
    } catch (JwtException e) {
      return false;
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
