package dev.longhaul.catalog.springai;

import dev.longhaul.tool.JobContext;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest.CompleteArgument;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpMeta;
import org.springframework.ai.mcp.annotation.McpProgressToken;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;

/** Ordinary Spring AI beans; each method has another kind of parameter. */
class AnnotatedPrimitives {

  @McpResource(
      uri = "test://plain",
      name = "plain",
      title = "A title",
      description = "Plain",
      mimeType = "text/plain",
      annotations =
          @McpResource.McpAnnotations(
              audience = {Role.USER},
              lastModified = "2026-11-21T00:00:00Z",
              priority = 0.5))
  String plain() {
    return "plain";
  }

  @McpResource(uri = "test://uri")
  String uri(String uri) {
    return "asked for " + uri;
  }

  @McpResource(uri = "test://request")
  String request(ReadResourceRequest request) {
    return "asked for " + request.uri();
  }

  @McpResource(uri = "test://context")
  List<String> context(McpSyncRequestContext context) {
    context.progress(50);
    context.log(spec -> spec.level(LoggingLevel.WARNING).logger("rows").message("odd"));
    return List.of("one", "two");
  }

  @McpResource(uri = "test://exchange")
  String exchange(McpSyncServerExchange exchange, @McpProgressToken @Nullable String token) {
    return "elicitation " + (exchange.getClientCapabilities().elicitation() != null) + " " + token;
  }

  @McpResource(uri = "test://transport")
  String transport(McpTransportContext context, McpMeta meta) {
    return "nothing " + (context.get("anything") == null) + " " + meta.get("trace");
  }

  @McpResource(uri = "test://picture", mimeType = "image/png")
  String picture() {
    return "aGVsbG8=";
  }

  @McpResource(uri = "test://rows/{table}/{id}", mimeType = "application/json")
  String row(String table, String id, McpMeta meta) {
    return table + "#" + id + " " + meta.get("trace");
  }

  @McpResource(uri = "test://gone/{id}")
  String gone(String id) {
    throw McpError.RESOURCE_NOT_FOUND.apply("test://gone/" + id);
  }

  @McpResource(uri = "test://none/{id}")
  @Nullable String none(String id) {
    return null;
  }

  @McpResource(uri = "test://refused")
  String refused() {
    throw McpError.builder(-31999).message("not today").build();
  }

  @McpResource(uri = "test://checked")
  String checked() throws IOException {
    throw new IOException("the disk is full");
  }

  @McpResource(uri = "test://job")
  String job() {
    return JobContext.current().caller();
  }

  @McpPrompt(name = "all", title = "All", description = "Takes everything")
  String all(
      McpSyncRequestContext context,
      McpTransportContext transport,
      McpMeta meta,
      @McpProgressToken String token,
      GetPromptRequest request,
      Map<String, Object> map,
      @McpArg(name = "who", description = "whom", required = true) String who,
      @McpArg(name = "times", description = "how often") @Nullable Integer times) {
    context.info("working");
    return String.join(
        " ",
        who,
        String.valueOf(times),
        String.valueOf(meta.get("trace")),
        token,
        request.name(),
        String.valueOf(map.size()),
        String.valueOf(transport.get("anything")));
  }

  @McpPrompt(name = "exchange", description = "Takes the exchange")
  List<String> promptWithExchange(McpSyncServerExchange exchange) {
    return List.of("one", String.valueOf(exchange.getClientInfo() != null));
  }

  @McpComplete(prompt = "all")
  List<String> complete(CompleteArgument argument, McpSyncRequestContext context) {
    context.info("completing");
    return List.of(argument.name() + "=" + argument.value());
  }

  @McpComplete(uri = "test://rows/{table}/{id}")
  List<String> completeRow(
      CompleteRequest request, McpTransportContext transport, McpMeta meta, String value) {
    return List.of(value + "1", String.valueOf(request.context().arguments().get("table")));
  }

  @McpComplete(uri = "test://none/{id}")
  String fails(McpSyncServerExchange exchange, @McpProgressToken String token) throws IOException {
    throw new IOException("no index " + token);
  }
}
