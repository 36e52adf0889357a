package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.ToolRefusedException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.context.McpRequestContextTypes;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Creates the SDK's exchange through which an annotated method sees its client. */
final class Exchanges {
  /** Keys of the transport context. */
  static final String CALLER = "caller";

  static final String REVISION = "protocolVersion";

  private static final int MISSING_CAPABILITY = -32021;
  private static final Map<String, String> CAPABILITY_OF =
      Map.of(
          "createElicitation", "elicitation",
          "elicit", "elicitation",
          "createMessage", "sampling",
          "sample", "sampling",
          "listRoots", "roots",
          "roots", "roots");
  // The classes of the SDK and Spring AI that throw when a tool asks a client without the
  // capability.
  private static final Set<Class<?>> ASKING =
      Set.of(
          McpAsyncServerExchange.class, McpSyncServerExchange.class, McpSyncRequestContext.class);

  // Spring AI's own types of contexts are made of the exchange.
  private static final Set<Class<?>> SEEN =
      Set.of(McpSyncServerExchange.class, McpRequestContextTypes.class, McpTransportContext.class);

  private static final ClientCapabilities NONE = new ClientCapabilities(null, null, null, null);

  private Exchanges() {}

  /** Whether a method has a parameter through which it sees its client. */
  static boolean areSeenBy(Method method) {
    return Stream.of(method.getParameterTypes())
        .anyMatch(type -> SEEN.stream().anyMatch(one -> one.isAssignableFrom(type)));
  }

  /**
   * The exchange of a call.
   *
   * @param seen whether the method can see its client, whose capabilities are then read
   */
  static McpSyncServerExchange of(CallContext context, boolean seen, JsonMapper json) {
    Client client = context.client();
    Map<String, Object> transport = new HashMap<>(client.trace());
    transport.put(CALLER, context.caller());
    transport.put(REVISION, client.revision());
    return new McpSyncServerExchange(
        new McpAsyncServerExchange(
            context.id(),
            new CallSession(context, json),
            seen ? capabilities(client, json) : NONE,
            Implementation.builder(named(client.name(), "unknown"), named(client.version(), "0"))
                .build(),
            McpTransportContext.create(transport)));
  }

  // The SDK allows no empty names, but a client may have sent none.
  private static String named(@Nullable String given, String otherwise) {
    return given == null || given.isBlank() ? otherwise : given;
  }

  private static ClientCapabilities capabilities(Client client, JsonMapper json) {
    try {
      return json.treeToValue(client.capabilities(), ClientCapabilities.class);
    } catch (JacksonException | IllegalArgumentException e) {
      // Capabilities that the SDK cannot read count as not declared.
      return NONE;
    }
  }

  /**
   * Converts the exception with which the SDK reports a missing client capability into a refusal;
   * returns other exceptions unchanged. The SDK has no type for it, so it is recognised by its
   * stack trace.
   */
  static Exception refused(Exception failure, JsonMapper json) {
    if (failure.getClass() != IllegalStateException.class) {
      return failure;
    }
    for (StackTraceElement frame : failure.getStackTrace()) {
      String capability = CAPABILITY_OF.get(frame.getMethodName());
      if (capability != null && asks(frame.getClassName())) {
        ObjectNode data = json.createObjectNode();
        data.putObject("requiredCapabilities").putObject(capability);
        return new ToolRefusedException(
            MISSING_CAPABILITY,
            "The tool needs the client capability " + capability + ", which was not declared.",
            data);
      }
      if (!asks(frame.getClassName())) {
        return failure; // thrown by other code
      }
    }
    return failure;
  }

  private static boolean asks(String className) {
    return className.endsWith(".DefaultMcpSyncRequestContext")
        || ASKING.stream().anyMatch(type -> type.getName().equals(className))
        || className.startsWith("org.springframework.util.Assert");
  }
}
