package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.tools.ToolCallParams;
import dev.longhaul.mcp.tools.ToolCalls;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Serves tools/call. */
final class CallTool implements ModernMethod {

  private final ToolCalls calls;
  private final ModernDialect dialect;
  private final ClientInput input;

  CallTool(ToolCalls calls, ModernDialect dialect, ClientInput input) {
    this.calls = calls;
    this.input = input;
    this.dialect = dialect;
  }

  @Override
  public String name() {
    return Call.TOOLS_CALL;
  }

  @Override
  public Optional<String> nameField() {
    return Optional.of("name");
  }

  @Override
  public void handle(ModernRequest request) throws InterruptedException {
    Exchange exchange = request.exchange();
    ObjectNode params = ToolCallParams.clean(request.params());
    calls.call(
        new Call(
            Call.TOOLS_CALL,
            exchange.caller(),
            request.id(),
            params,
            ToolCallParams.progressToken(request.meta()),
            request.declaresTasks(),
            new Call.Sender(request.client(), null, exchange.connection(), exchange.baseUrl()),
            dialect,
            new Wait(),
            exchange.reply(),
            null,
            input.of(Call.TOOLS_CALL, request, params)));
  }
}
