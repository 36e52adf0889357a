package dev.longhaul.cli.bench;

import dev.longhaul.cli.CommandFailedException;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A running server, reached by the official Java client. */
final class BenchServer implements Caller, AutoCloseable {
  private static final String OPERATION = "dev.longhaul/operation";
  private static final Duration CONNECT = Duration.ofSeconds(20);

  /** A call that is the same as another one must not join it. */
  private static final Map<String, Object> NEW = Map.of("dev.longhaul/repeat", "new");

  private static final Map<String, Object> NEW_AND_NOT_CACHED =
      Map.of("dev.longhaul/repeat", "new", "dev.longhaul/no_cache", true);

  private final McpSyncClient client;
  private final Map<String, Object> meta;

  private BenchServer(McpSyncClient client, Map<String, Object> meta) {
    this.client = client;
    this.meta = meta;
  }

  /**
   * Connects.
   *
   * @param url the address of the MCP endpoint
   * @param noCache whether tools run even if a result is cached
   * @throws CommandFailedException when nobody is there, or the credentials are refused
   */
  static BenchServer connect(URI url, Credentials credentials, Duration timeout, boolean noCache) {
    var transport =
        HttpClientStreamableHttpTransport.builder(url.resolve("/").toString())
            .endpoint(url.getRawPath())
            .connectTimeout(CONNECT)
            .customizeClient(http -> http.version(HttpClient.Version.HTTP_1_1))
            .addHttpRequestCustomizer((request, _, _, _, _) -> credentials.addTo(request))
            .build();
    McpSyncClient client =
        McpClient.sync(transport)
            .clientInfo(McpSchema.Implementation.builder("longhaul-bench", "1").build())
            .requestTimeout(timeout)
            .initializationTimeout(CONNECT)
            .build();
    try {
      client.initialize();
    } catch (RuntimeException e) {
      client.close();
      throw new CommandFailedException(
          url + " does not answer as an MCP server: " + innermost(e),
          "Start the server, or name another with --url. If it wants credentials, set"
              + " LONGHAUL_BENCH_TOKEN.");
    }
    return new BenchServer(client, noCache ? NEW_AND_NOT_CACHED : NEW);
  }

  /** Its name and version. */
  String description() {
    McpSchema.Implementation info = client.getServerInfo();
    return info.name() + " " + info.version();
  }

  List<McpSchema.Tool> tools() {
    return client.getServerCapabilities().tools() == null ? List.of() : client.listTools().tools();
  }

  List<McpSchema.Resource> resources() {
    return client.getServerCapabilities().resources() == null
        ? List.of()
        : client.listResources().resources();
  }

  List<McpSchema.Prompt> prompts() {
    return client.getServerCapabilities().prompts() == null
        ? List.of()
        : client.listPrompts().prompts();
  }

  @Override
  public void call(Target target, int number) {
    switch (target.kind()) {
      case TOOL -> callTool(target.name(), target.arguments(number));
      case RESOURCE -> {
        var _ = client.readResource(McpSchema.ReadResourceRequest.builder(target.name()).build());
      }
      case PROMPT -> {
        var _ =
            client.getPrompt(
                McpSchema.GetPromptRequest.builder(target.name())
                    .arguments(target.arguments(number))
                    .build());
      }
    }
  }

  private void callTool(String name, Map<String, Object> arguments) {
    var result =
        client.callTool(
            McpSchema.CallToolRequest.builder(name).arguments(arguments).meta(meta).build());
    // A call that takes long is handed over; it has ended when its operation has.
    while (result.meta() != null && result.meta().get(OPERATION) instanceof Map<?, ?> operation) {
      Object id = operation.get("operation_id");
      if (id == null) {
        break;
      }
      result =
          client.callTool(
              McpSchema.CallToolRequest.builder("continue_operation")
                  .arguments(Map.of("operation_id", id, "wait_seconds", 20))
                  .build());
    }
    if (Boolean.TRUE.equals(result.isError())) {
      throw new CallFailedException(text(result));
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** What a failure says at its root. */
  static String innermost(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return "nobody listens there"; // what is below it does not say so
      }
      root = cause;
    }
    return Objects.requireNonNullElseGet(root.getMessage(), root::toString);
  }

  private static String text(McpSchema.CallToolResult result) {
    return result.content().stream()
        .filter(McpSchema.TextContent.class::isInstance)
        .map(content -> ((McpSchema.TextContent) content).text())
        .findFirst()
        .orElse("a result with isError");
  }
}
