package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.ToolAnswerResult;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolHandler;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs one Spring AI tool method for one call. */
final class SpringAiTool implements ToolHandler {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final SyncToolSpecification specification;
  private final boolean answers;
  private final boolean seesClient;
  private final JsonMapper json;

  /**
   * A tool of Spring AI.
   *
   * @param answers whether it calls a method that returns a {@link dev.longhaul.tool.ToolAnswer}
   */
  SpringAiTool(SyncToolSpecification specification, boolean answers, JsonMapper json) {
    this.specification = specification;
    this.answers = answers;
    this.seesClient =
        !(specification.callHandler() instanceof ToolMethod method) || method.seesClient();
    this.json = json;
  }

  @Override
  public ObjectNode call(ToolCall call) throws Exception {
    var exchange = Exchanges.of(call.context(), seesClient, json);
    CallToolResult result;
    try {
      result = specification.callHandler().apply(exchange, request(call));
    } catch (RuntimeException e) {
      throw MethodCalls.translated(unwrapped(e), json);
    }
    ObjectNode made = json.valueToTree(result);
    return answers ? ToolAnswerResult.complete(made, call.context(), json) : withTextFallback(made);
  }

  private CallToolRequest request(ToolCall call) {
    Map<String, Object> meta = new HashMap<>(map(call.meta()));
    // Spring AI drops progress without a token; Longhaul stores it in any case.
    meta.putIfAbsent("progressToken", call.context().id());
    return new CallToolRequest(call.name(), map(call.arguments()), meta);
  }

  private Map<String, Object> map(ObjectNode object) {
    return object.isEmpty() ? new HashMap<>() : json.treeToValue(object, MAP);
  }

  private static Exception unwrapped(RuntimeException thrown) {
    return thrown instanceof UndeclaredThrowableException
            && thrown.getCause() instanceof Exception cause
        ? cause
        : thrown;
  }

  // server/tools.mdx, Structured Content: a tool SHOULD repeat it as text for older clients.
  private ObjectNode withTextFallback(ObjectNode result) {
    JsonNode structured = result.path("structuredContent");
    JsonNode content = result.path("content");
    if (!structured.isMissingNode() && !structured.isNull() && content.isEmpty()) {
      ArrayNode texts = result.putArray("content");
      texts.addObject().put("type", "text").put("text", json.writeValueAsString(structured));
    } else if (content.isMissingNode()) {
      result.putArray("content");
    }
    return result;
  }
}
