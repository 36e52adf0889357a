package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolJarIT {
  @TempDir Path directory;

  @Test
  void aToolFromAJarInLonghaulToolsIsListedAndRunsAsAJob() throws Exception {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    ToolJar.write(tools.resolve("greeting-tools.jar"), directory);

    try (var server =
        RunningServer.start(directory, 0, Map.of("LONGHAUL_TOOL_PATH", tools.toString()))) {
      var initialized =
          post(
              server,
              null,
              """
              {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
               "capabilities":{},"clientInfo":{"name":"tool-jar-test","version":"1"}}}
              """);
      String session = initialized.headers().firstValue("Mcp-Session-Id").orElse(null);

      var listed =
          post(server, session, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}");
      assertThat(listed.body()).contains("\"greet_team\"", "Greets a team by name.");

      var called =
          post(
              server,
              session,
              """
              {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"greet_team",
               "arguments":{"team":"Loaders"}}}
              """);
      assertThat(called.body()).contains("Hello, Loaders!");
    }
  }

  private static HttpResponse<String> post(RunningServer server, String session, String message)
      throws Exception {
    var request =
        HttpRequest.newBuilder(server.url().resolve("/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(message));
    if (session != null) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
