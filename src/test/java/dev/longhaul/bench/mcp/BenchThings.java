package dev.longhaul.bench.mcp;

import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/**
 * What {@code make bench-mcp} calls: as little as there can be, so that what is measured is the
 * server. Nothing of Longhaul, as the stock server serves the same. bench/mcp/typescript.mjs has
 * the equivalent.
 */
@Component
public class BenchThings {

  /** Runs where it is called ({@code longhaul.tools.echo.execution=inline}). */
  @McpTool(
      name = "echo",
      description = "Gives back a text",
      generateOutputSchema = false,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  public String echo(String text) {
    return text;
  }

  /** A job on Longhaul, where that is the default. */
  @McpTool(
      name = "queued_echo",
      description = "Gives back a text",
      generateOutputSchema = false,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  public String queuedEcho(String text) {
    return text;
  }

  @McpResource(name = "note", uri = "bench://note", mimeType = "text/plain", description = "A note")
  public String note() {
    return "ping-pong";
  }

  @McpPrompt(name = "greeting", description = "Greets")
  public String greeting(String name) {
    return "Say hello to " + name;
  }
}
