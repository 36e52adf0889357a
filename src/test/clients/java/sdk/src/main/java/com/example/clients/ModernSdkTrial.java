package com.example.clients;

import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.client.McpClient;
import io.modelcontextprotocol.modern.client.McpSyncClient;
import io.modelcontextprotocol.modern.client.transport.HttpClientMcpTransport;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The MCP Java SDK, package {@code modern.client}: 2026-07-28. */
final class ModernSdkTrial implements Trial {
  private final McpSyncClient client;

  private ModernSdkTrial(String url) {
    this.client =
        McpClient.sync(HttpClientMcpTransport.builder(url).build())
            .formElicitation(question -> McpSchema.ElicitResult.accept(ANSWER))
            .build();
  }

  public static void main(String[] arguments) throws Exception {
    Driver.run(arguments[0], ModernSdkTrial::new);
  }

  @Override
  public List<String> list() {
    return client.listTools().list().tools().stream().map(McpSchema.Tool::name).toList();
  }

  @Override
  public String call(String tool, Map<String, Object> arguments, Runnable progress) {
    return client
        .tool(tool)
        .arguments(arguments)
        .progress(report -> progress.run())
        .call()
        .content()
        .stream()
        .filter(McpSchema.TextContent.class::isInstance)
        .map(content -> ((McpSchema.TextContent) content).text())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {}
}
