package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.tool.Question;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Implements the SDK's session for a running tool, so that an unchanged Spring AI method runs in
 * any process: what it sends goes to the context of the call.
 */
final class CallSession implements McpLoggableSession {
  private final CallContext context;
  private final JsonMapper json;

  CallSession(CallContext context, JsonMapper json) {
    this.context = context;
    this.json = json;
  }

  @Override
  public <T> Mono<T> sendRequest(String method, @Nullable Object params, TypeRef<T> type) {
    // In the subscriber's thread, which is the tool's, because the SDK's synchronous exchange
    // blocks.
    return Mono.fromCallable(() -> {
      if (method.equals("ping")) {
        return json.convertValue(json.createObjectNode(), json.constructType(type.getType()));
      }
      JsonNode tree = params == null ? json.createObjectNode() : json.valueToTree(params);
      ObjectNode asked = tree.isObject() ? (ObjectNode) tree : json.createObjectNode();
      JsonNode answer = context.ask(List.of(new Question(null, method, asked))).getFirst();
      return json.convertValue(answer, json.constructType(type.getType()));
    });
  }

  @Override
  public Mono<Void> sendNotification(String method, @Nullable Object params) {
    return Mono.fromRunnable(() -> forward(params));
  }

  private void forward(@Nullable Object params) {
    switch (params) {
      case ProgressNotification progress ->
          context.progress(progress.progress(), progress.total(), progress.message());
      case LoggingMessageNotification message ->
          context.log(
              message.level().name().toLowerCase(Locale.ROOT),
              message.logger(),
              json.valueToTree(message.data()));
      case null, default -> {
        // Other notifications of a tool do not concern its caller.
      }
    }
  }

  @Override
  public void setMinLoggingLevel(LoggingLevel level) {}

  @Override
  public boolean isNotificationForLevelAllowed(LoggingLevel level) {
    return true;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  @Override
  public void close() {}
}
