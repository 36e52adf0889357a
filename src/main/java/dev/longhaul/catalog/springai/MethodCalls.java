package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.ToolRefusedException;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls an annotated method and keeps its exceptions. Spring AI's own callbacks turn all of them
 * into internal errors, even an McpError of the author.
 */
final class MethodCalls {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private MethodCalls() {}

  static @Nullable Object invoke(
      Method method, Object bean, @Nullable Object[] arguments, JsonMapper json) throws Exception {
    method.setAccessible(true);
    try {
      return method.invoke(bean, arguments);
    } catch (InvocationTargetException e) {
      throw translated(e.getCause() == null ? e : e.getCause(), json);
    }
  }

  /** The request's {@code _meta} as an annotated method sees it. */
  static Map<String, Object> meta(JsonNode meta, CallContext context, JsonMapper json) {
    Map<String, Object> map = new HashMap<>(json.treeToValue(meta, MAP));
    // Spring AI drops progress without a token; Longhaul stores it in any case.
    map.putIfAbsent("progressToken", context.id());
    return map;
  }

  /** Converts an McpError into a refusal; other exceptions stay unchanged. */
  static Exception translated(Throwable thrown, JsonMapper json) {
    if (thrown instanceof McpError error && error.getJsonRpcError() != null) {
      Integer code = error.getJsonRpcError().code();
      String message = String.valueOf(error.getJsonRpcError().message());
      return code == ErrorCodes.RESOURCE_NOT_FOUND
          ? new ResourceNotFoundException(message)
          : new ToolRefusedException(code, message, data(error.getJsonRpcError().data(), json));
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return Exchanges.refused((Exception) thrown, json);
  }

  private static @Nullable ObjectNode data(@Nullable Object data, JsonMapper json) {
    return data != null && json.valueToTree(data) instanceof ObjectNode object ? object : null;
  }
}
