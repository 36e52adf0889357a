package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends REST requests and MCP messages to a process; each has to succeed. */
final class Calls {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();

  JsonNode get(RunningServer api, String path) throws Exception {
    return JSON.readTree(send(HttpRequest.newBuilder(api.url().resolve(path))).body());
  }

  /**
   * Posts JSON.
   *
   * @param request the id of this request
   */
  JsonNode post(RunningServer api, String path, String body, String request) throws Exception {
    var post =
        HttpRequest.newBuilder(api.url().resolve(path))
            .header("Content-Type", "application/json")
            .header("X-Request-Id", request)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return JSON.readTree(send(post).body());
  }

  /** Begins an MCP session and returns its id. */
  String initialize(RunningServer api) throws Exception {
    String message =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
         "capabilities":{},"clientInfo":{"name":"upgrade","version":"1"}}}
        """;
    return mcp(api, null, message).headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  /** Calls the tool {@code write} in an MCP session and returns the response's body. */
  String write(RunningServer api, String session, String name) throws Exception {
    String message =
        """
        {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"write","arguments":{"name":"%s"}}}
        """
            .formatted(name);
    return mcp(api, session, message).body();
  }

  private HttpResponse<String> mcp(RunningServer api, @Nullable String session, String message)
      throws Exception {
    var post =
        HttpRequest.newBuilder(api.url().resolve("/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(message));
    if (session != null) {
      post.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    return send(post);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer =
        http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer;
  }
}
