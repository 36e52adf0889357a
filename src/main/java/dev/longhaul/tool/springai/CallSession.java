package dev.longhaul.tool.springai;

import dev.longhaul.tool.CallContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stands where the SDK expects the connection to a client, so that an unchanged Spring AI method
 * runs in any process: what it sends goes to the call's context.
 */
final class CallSession implements McpLoggableSession {
  private final CallContext context;

  CallSession(CallContext context) {
    this.context = context;
  }

  @Override
  public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> type) {
    return Mono.error(
        new UnsupportedOperationException(
            method + " needs a client that can be asked; questions are not served yet."));
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
              message.level().name().toLowerCase(Locale.ROOT), message.logger(), message.data());
      case null, default -> {
        // Nothing else a tool can send concerns its caller.
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
