package com.example.clients;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The MCP Java SDK, package {@code client}: sessions of 2025-11-25. */
final class SdkTrial implements Trial {
  private final McpSyncClient client;
  private volatile Runnable heard = () -> {};

  private SdkTrial(String url) {
    this.client =
        McpClient.sync(HttpClientStreamableHttpTransport.builder(url.replace("/mcp", "")).build())
            .capabilities(McpSchema.ClientCapabilities.builder().elicitation().build())
            .elicitation(
                question ->
                    McpSchema.ElicitResult.builder(McpSchema.ElicitResult.Action.ACCEPT)
                        .content(ANSWER)
                        .build())
            .progressConsumer(progress -> heard.run())
            .build();
    var _ = client.initialize();
  }

  public static void main(String[] arguments) throws Exception {
    Driver.run(arguments[0], SdkTrial::new);
  }

  @Override
  public List<String> list() {
    return client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
  }

  @Override
  public String call(String tool, Map<String, Object> arguments, Runnable progress) {
    heard = progress;
    var request = new McpSchema.CallToolRequest.Builder().name(tool).arguments(arguments);
    return client.callTool(request.progressToken(tool).build()).content().stream()
        .filter(McpSchema.TextContent.class::isInstance)
        .map(content -> ((McpSchema.TextContent) content).text())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public Set<String> unable() {
    return Set.of("cancel");
  }

  @Override
  public void close() {
    client.close();
  }
}
