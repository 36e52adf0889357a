package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.function.BiFunction;
import org.springframework.ai.mcp.annotation.method.complete.AbstractMcpCompleteMethodCallback.McpCompleteMethodException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adapts the handler of an SDK specification.
 *
 * @param <Q> the type of its request
 * @param handler the specification's handler
 * @param request creates the request from a call and its {@code _meta}
 */
record SpecificationHandler<Q>(
    BiFunction<McpSyncServerExchange, Q, ?> handler,
    BiFunction<PrimitiveCall, Map<String, Object>, Q> request,
    JsonMapper json)
    implements PrimitiveHandler {

  @Override
  public ObjectNode handle(PrimitiveCall call) throws Exception {
    Q asked = request.apply(call, MethodCalls.meta(call.meta(), call.context(), json));
    try {
      return json.valueToTree(handler.apply(Exchanges.of(call.context(), true, json), asked));
    } catch (McpCompleteMethodException e) {
      Throwable cause = e.getCause();
      throw MethodCalls.translated(
          cause instanceof InvocationTargetException && cause.getCause() != null
              ? cause.getCause()
              : cause == null ? e : cause,
          json);
    } catch (RuntimeException e) {
      throw MethodCalls.translated(e, json);
    }
  }
}
