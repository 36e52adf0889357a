package dev.longhaul.catalog.springai;

import dev.longhaul.job.JobError;
import dev.longhaul.tool.ToolAnswer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpMeta;
import org.springframework.ai.mcp.annotation.McpProgressToken;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;

/** An ordinary Spring AI bean; each method has another kind of parameter. */
class AnnotatedTools {
  record Counted(String name, int rows) {}

  @McpTool(name = "greet", description = "Greets")
  String greet(@McpToolParam(description = "whom") String who) {
    return "Hello " + who;
  }

  @McpTool(
      name = "count",
      description = "Counts",
      generateOutputSchema = true,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  Counted count(String name) {
    return new Counted(name, 3);
  }

  @McpTool(name = "answer", description = "Answers with data", generateOutputSchema = true)
  ToolAnswer<Counted> answer() {
    return ToolAnswer.of("3 rows.", new Counted("rows.csv", 3))
        .count("rows", 3)
        .error("ROW", "input", "Row 7 is odd.", "Correct row 7.")
        .warning("SMALL", "There are few rows.");
  }

  @McpTool(name = "plain_answer", description = "Answers with data of no schema")
  ToolAnswer<Map<String, Integer>> plainAnswer() {
    return ToolAnswer.of("One thing.", Map.of("things", 1));
  }

  @McpTool(name = "answerless", description = "Has no answer", generateOutputSchema = true)
  ToolAnswer<Counted> answerless() {
    return ToolAnswer.failed(
        "There is no such file.",
        new JobError("NO_FILE", "input", "rows.csv is not there.", "Give another name."));
  }

  @McpTool(name = "report", description = "Reports progress and logs")
  String report(McpSyncRequestContext context) {
    context.progress(50);
    context.progress(spec -> spec.progress(3).total(4).message("three of four"));
    context.info("working");
    context.log(spec -> spec.level(LoggingLevel.WARNING).logger("rows").message("odd"));
    return "reported";
  }

  @McpTool(name = "token", description = "Says its progress token")
  String token(@McpProgressToken @Nullable String token) {
    return "token " + token;
  }

  @McpTool(name = "meta", description = "Says what came with the request")
  String meta(McpMeta meta) {
    return "trace " + meta.get("trace");
  }

  @McpTool(name = "request", description = "Takes the whole request")
  CallToolResult request(CallToolRequest request) {
    return CallToolResult.builder()
        .addTextContent(request.name() + " " + request.arguments())
        .isError(true)
        .build();
  }

  @SuppressWarnings("deprecation") // 2026-07-28 deprecates logging; tools that use it still work
  @McpTool(name = "exchange", description = "Takes the exchange")
  String exchange(McpSyncServerExchange exchange) {
    exchange.loggingNotification(
        LoggingMessageNotification.builder(LoggingLevel.ERROR, "via exchange").build());
    return "elicitation " + (exchange.getClientCapabilities().elicitation() != null);
  }

  @McpTool(name = "transport", description = "Takes the transport context")
  String transport(McpTransportContext context) {
    return "nothing " + (context.get("anything") == null);
  }

  @McpTool(name = "checked", description = "Throws a checked exception")
  String checked() throws IOException {
    throw new IOException("the disk is full");
  }

  @McpTool(name = "unchecked", description = "Throws an unchecked exception")
  String unchecked() {
    throw new IllegalArgumentException("no such row");
  }

  @McpTool(name = "nothing", description = "Returns nothing")
  void nothing() {}

  @McpTool(name = "refuses", description = "Answers with a JSON-RPC error")
  String refuses() {
    throw McpError.builder(-31999).message("not today").build();
  }
}
