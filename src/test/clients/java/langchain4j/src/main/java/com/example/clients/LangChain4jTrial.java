package com.example.clients;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.Json;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** LangChain4j's client. */
final class LangChain4jTrial implements Trial {
  private final McpClient client;
  private volatile Runnable heard = () -> {};

  private LangChain4jTrial(String url) {
    this.client =
        new DefaultMcpClient.Builder()
            .transport(new StreamableHttpMcpTransport.Builder().url(url).build())
            .progressHandler(progress -> heard.run())
            .build();
  }

  public static void main(String[] arguments) throws Exception {
    Driver.run(arguments[0], LangChain4jTrial::new);
  }

  @Override
  public List<String> list() {
    return client.listTools().stream().map(ToolSpecification::name).toList();
  }

  @Override
  public String call(String tool, Map<String, Object> arguments, Runnable progress) {
    heard = progress;
    return client
        .executeTool(
            ToolExecutionRequest.builder()
                .id("1")
                .name(tool)
                .arguments(Json.toJson(arguments))
                .build())
        .resultText();
  }

  @Override
  public Set<String> unable() {
    return Set.of("question", "cancel");
  }

  @Override
  public void close() throws Exception {
    client.close();
  }
}
