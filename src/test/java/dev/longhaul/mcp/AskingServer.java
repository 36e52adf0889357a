package dev.longhaul.mcp;

import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.mcp.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An MCP server over HTTP, and the authorization server whose tokens it takes. It remembers with
 * which headers each request came, and answers a call with who makes it.
 */
final class AskingServer implements AutoCloseable {
  static final String CLIENT = "longhaul";
  static final String SECRET = "s3cret-of-the-client";

  private static final long LONGEST_WAIT_SECONDS = 60;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger tokens = new AtomicInteger();
  private final Map<String, String> subjects = new ConcurrentHashMap<>();

  /** What came to the MCP server, in order. */
  final List<Received> received = new CopyOnWriteArrayList<>();

  /** The forms that came to the token endpoint, in order. */
  final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();

  /** For whom no token is given. */
  volatile String unknown = "";

  /** Whether requests need a token of the authorization server. */
  volatile boolean closed = true;

  /** What {@code expires_in} of tokens says, in seconds. */
  volatile int lifetime = 3_600;

  /** Holds calls of the tool {@code wait} back. */
  volatile CountDownLatch gate = new CountDownLatch(1);

  /**
   * A request.
   *
   * @param tool the tool of a tools/call; else empty
   */
  record Received(String method, String tool, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String token() {
      return header("Authorization").replace("Bearer ", "");
    }
  }

  AskingServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/mcp", this::serve);
    server.createContext("/token", this::token);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/mcp";
  }

  String tokenUrl() {
    return url().replace("/mcp", "/token");
  }

  /** Whose token it is; empty for this server's own and for an unknown one. */
  String subject(String token) {
    return subjects.getOrDefault(token, "");
  }

  /** Refuses all tokens that were given. */
  void revokeAll() {
    subjects.clear();
  }

  /** The calls of a tool. */
  List<Received> calls(String tool) {
    return received.stream().filter(each -> each.tool().equals(tool)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      ObjectNode request = Json.object(new String(body, StandardCharsets.UTF_8));
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      String method = request.path("method").asString("");
      String tool = request.at("/params/name").asString("");
      Received came = new Received(method, tool, headers);
      received.add(came);
      String subject = subjects.get(came.token());
      if (closed && subject == null) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      ObjectNode answer = request.objectNode().put("jsonrpc", "2.0");
      answer.set("id", request.path("id"));
      ObjectNode result = result(method, tool, String.valueOf(subject));
      if (result == null) {
        answer.putObject("error").put("code", -32601).put("message", "Method not found");
      } else {
        answer.set("result", result.put("resultType", "complete"));
      }
      send(exchange, 200, answer.toString());
    }
  }

  private @Nullable ObjectNode result(String method, String tool, String subject) {
    return switch (method) {
      case "server/discover" ->
          Json.object(
              """
              {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "ttlMs": 0,
               "cacheScope": "private",
               "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "asking", "version": "1"}}}
              """);
      case "tools/list" ->
          Json.object(
              """
              {"tools": [{"name": "whoami", "inputSchema": {"type": "object"}},
                         {"name": "wait", "inputSchema": {"type": "object"}}],
               "ttlMs": 0, "cacheScope": "private"}
              """);
      case "tools/call" -> {
        if (tool.equals("wait")) {
          try {
            var _ = gate.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
        ObjectNode result = Json.object("{\"content\": [{\"type\": \"text\"}]}");
        ((ObjectNode) result.at("/content/0")).put("text", "you are " + subject);
        yield result;
      }
      default -> null;
    };
  }

  private void token(HttpExchange exchange) throws IOException {
    try (exchange) {
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> fields = new HashMap<>();
      for (String field : form.split("&", -1)) {
        int equals = field.indexOf('=');
        fields.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
      }
      fields.put(
          "authorization", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      forms.add(fields);
      String subject = subjectOf(fields);
      if (subject.equals(unknown) && !subject.isEmpty()) {
        send(exchange, 400, "{\"error\": \"invalid_grant\"}");
        return;
      }
      String token = "token-" + tokens.incrementAndGet() + "-" + System.nanoTime();
      subjects.put(token, subject);
      send(
          exchange,
          200,
          """
          {"access_token": "%s", "token_type": "Bearer", "expires_in": %d,
           "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}
          """
              .formatted(token, lifetime));
    }
  }

  private static String subjectOf(Map<String, String> fields) {
    String jwt = fields.getOrDefault("assertion", fields.get("subject_token"));
    if (jwt == null) {
      return "";
    }
    try {
      return SignedJWT.parse(jwt).getJWTClaimsSet().getSubject();
    } catch (ParseException e) {
      return "";
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
