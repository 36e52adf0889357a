package dev.longhaul.bench.mcp;

import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/**
 * The tools of {@code make bench-mcp}, which do almost nothing, so that the server is measured.
 * They do not use Longhaul's API, because the stock server serves them, too.
 * bench/mcp/typescript.mjs has equivalent ones.
 */
@Component
public class BenchThings {

  /** Runs inline ({@code longhaul.tools.echo.execution=inline}). */
  @McpTool(
      name = "echo",
      description = "Gives back a text",
      generateOutputSchema = false,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  public String echo(String text) {
    return text;
  }

  /** Runs as a job on Longhaul, which is the default. */
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
