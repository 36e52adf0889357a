package dev.longhaul.gateway.auth.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  ProtectedUpstream(TestAuthorizationServer authorization) {
    this.authorization = authorization;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
    Jwt token = authorized(exchange.getRequestHeaders().getFirst("Authorization"));
    if (token == null) {
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
                  .formatted(token.getSubject());
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

  private @Nullable Jwt authorized(@Nullable String header) {
    if (header == null || !header.startsWith("Bearer ")) {
      return null;
    }
    try {
      Jwt jwt = authorization.decoder().decode(header.substring("Bearer ".length()));
      List<String> audience = jwt.getAudience();
      return audience != null
              && audience.contains(url())
              && authorization.issuer().equals(jwt.getClaimAsString("iss"))
          ? jwt
          : null;
    } catch (JwtException e) {
      return null;
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
