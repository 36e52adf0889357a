package dev.longhaul.catalog.springai;

import dev.longhaul.tool.PermanentFailureException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.lang.reflect.Method;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.springframework.ai.mcp.annotation.context.DefaultMcpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.method.tool.AbstractSyncMcpToolMethodCallback;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;

/**
 * Calls an {@code @McpTool} method as Spring AI's callback does, but lets its exceptions through:
 * Spring AI turns them into isError results, which could not be retried.
 */
final class ToolMethod
    extends AbstractSyncMcpToolMethodCallback<McpSyncServerExchange, McpSyncRequestContext>
    implements BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> {

  ToolMethod(ReturnMode returns, Method method, Object bean) {
    super(returns, method, bean);
  }

  /** Whether one of its parameters shows it its client. */
  boolean seesClient() {
    return Exchanges.areSeenBy(toolMethod);
  }

  /**
   * Calls the method.
   *
   * @throws java.lang.reflect.UndeclaredThrowableException around a checked exception of the method
   * @throws PermanentFailureException if the arguments do not fit the method, its result cannot be
   *     written as JSON, or it threw an {@link Error}; a retry would fail as well
   */
  @Override
  public CallToolResult apply(McpSyncServerExchange exchange, CallToolRequest request) {
    Object[] arguments =
        fitting(() -> {
          validateSyncRequest(request);
          return buildMethodArguments(exchange, request.arguments(), request);
        });
    Object result;
    try {
      result = callMethod(arguments);
    } catch (Error error) {
      throw new PermanentFailureException(error.toString(), error);
    }
    return fitting(() -> processResult(result));
  }

  private static <T> T fitting(Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (RuntimeException e) {
      throw new PermanentFailureException(
          "The arguments do not fit the tool's Java method, or its result cannot be written as JSON: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  protected boolean isExchangeOrContextType(Class<?> type) {
    return McpSyncServerExchange.class.isAssignableFrom(type)
        || McpSyncRequestContext.class.isAssignableFrom(type)
        || McpTransportContext.class.isAssignableFrom(type);
  }

  @Override
  protected McpSyncRequestContext createRequestContext(
      McpSyncServerExchange exchange, CallToolRequest request) {
    return DefaultMcpSyncRequestContext.builder().request(request).exchange(exchange).build();
  }

  @Override
  protected McpTransportContext resolveTransportContext(McpSyncServerExchange exchange) {
    return exchange.transportContext();
  }
}
