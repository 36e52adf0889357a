package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.Exchange;
import dev.longhaul.mcp.ToolCallParams;
import dev.longhaul.mcp.ToolCalls;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Wait;
import java.util.Optional;

/** tools/call. */
public final class CallTool implements ModernMethod {
  static final String METHOD = "tools/call";

  private final ToolCalls calls;
  private final ModernDialect dialect;

  public CallTool(ToolCalls calls, ModernDialect dialect) {
    this.calls = calls;
    this.dialect = dialect;
  }

  @Override
  public String name() {
    return METHOD;
  }

  @Override
  public Optional<String> nameField() {
    return Optional.of("name");
  }

  @Override
  public void handle(ModernRequest request) throws InterruptedException {
    Exchange exchange = request.exchange();
    calls.call(
        new Call(
            exchange.caller(),
            request.id(),
            ToolCallParams.clean(request.params()),
            ToolCallParams.progressToken(request.meta()),
            request.declaresTasks(),
            null,
            exchange.baseUrl(),
            dialect,
            new Wait(),
            exchange.reply()));
  }
}
