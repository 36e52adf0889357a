package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.tool.ToolRefusedException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpProgressToken;
import org.springframework.ai.mcp.annotation.method.prompt.AbstractMcpPromptMethodCallback;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves a prompt with its {@code @McpPrompt} method. Spring AI converts the parameters and the
 * result, as in its own server; the call itself is made by {@link MethodCalls}.
 */
final class PromptMethod extends AbstractMcpPromptMethodCallback implements PrimitiveHandler {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final boolean seesClient;
  private final JsonMapper json;

  PromptMethod(Object bean, Method method, Prompt prompt, JsonMapper json) {
    super(method, bean, prompt);
    this.seesClient = Exchanges.areSeenBy(method);
    this.json = json;
  }

  @Override
  public ObjectNode handle(PrimitiveCall call) throws Exception {
    GetPromptRequest request =
        new GetPromptRequest(
            prompt.name(),
            json.convertValue(call.params().path("arguments"), MAP),
            MethodCalls.meta(call.meta(), call.context(), json));
    @Nullable Object[] arguments = arguments(call, request);
    return json.valueToTree(
        convertToGetPromptResult(MethodCalls.invoke(method, bean, arguments, json)));
  }

  private @Nullable Object[] arguments(PrimitiveCall call, GetPromptRequest request) {
    @Nullable Object[] arguments;
    try {
      arguments = buildArgs(method, Exchanges.of(call.context(), seesClient, json), request);
    } catch (IllegalArgumentException e) {
      // For example a text for a numeric parameter.
      throw new ToolRefusedException(
          ErrorCodes.INVALID_PARAMS,
          "An argument of the prompt " + prompt.name() + " has a wrong value: " + e.getMessage());
    }
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      // Spring AI 2.0 leaves it null for prompts.
      if (parameters[i].isAnnotationPresent(McpProgressToken.class)) {
        arguments[i] = request.progressToken();
      }
    }
    return arguments;
  }

  @Override
  protected void validateReturnType(Method checked) {
    Class<?> type = checked.getReturnType();
    if (!GetPromptResult.class.isAssignableFrom(type)
        && !List.class.isAssignableFrom(type)
        && !PromptMessage.class.isAssignableFrom(type)
        && !String.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "it returns "
              + type.getName()
              + "; return a GetPromptResult, a PromptMessage, a String, or a list of either");
    }
  }

  @Override
  protected boolean isSupportedExchangeOrContextType(Class<?> type) {
    return McpSyncServerExchange.class.isAssignableFrom(type)
        || McpTransportContext.class.isAssignableFrom(type);
  }

  @Override
  protected @Nullable Object assignExchangeType(Class<?> type, Object exchange) {
    var ours = (McpSyncServerExchange) exchange;
    return McpTransportContext.class.isAssignableFrom(type) ? ours.transportContext() : ours;
  }
}
