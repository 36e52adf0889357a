package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.Exchange;
import dev.longhaul.mcp.ServedTool;
import dev.longhaul.mcp.ServedTools;
import dev.longhaul.mcp.ToolCallParams;
import dev.longhaul.mcp.ToolCalls;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.CallInput;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.mcp.wire.TraceContext;
import dev.longhaul.tool.Client;
import tools.jackson.databind.node.ObjectNode;

/** The methods of the earlier revisions within a session. */
public final class LegacyMethods {
  private final ServedTools tools;
  private final ToolCalls calls;
  private final LegacyDialect dialect = new LegacyDialect();
  private final InFlight inFlight = new InFlight();

  public LegacyMethods(ServedTools tools, ToolCalls calls) {
    this.tools = tools;
    this.calls = calls;
  }

  InFlight inFlight() {
    return inFlight;
  }

  void handle(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    switch (request.method()) {
      case "ping" -> answer(exchange, request, Replies.object());
      case "tools/list" -> answer(exchange, request, list(request));
      case "tools/call" -> call(exchange, session, request);
      default ->
          throw new RpcException(
              200,
              ErrorCode.METHOD_NOT_FOUND,
              "The method " + request.method() + " is not served.");
    }
  }

  private ObjectNode list(Message.Request request) {
    ServedTools.Page page =
        tools.page(request.params().get("cursor"), ServedTool::legacyDescription);
    ObjectNode result = Replies.object();
    result.set("tools", page.tools());
    if (page.nextCursor() != null) {
      result.put("nextCursor", page.nextCursor());
    }
    return result;
  }

  private void call(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    Wait wait = new Wait();
    Call call =
        new Call(
            exchange.caller(),
            request.id(),
            ToolCallParams.clean(request.params()),
            ToolCallParams.progressToken(request.meta()),
            false,
            client(session, request),
            session.clientName(),
            exchange.baseUrl(),
            dialect,
            wait,
            exchange.reply(),
            null,
            CallInput.NONE);
    inFlight.add(session.id(), request.id(), wait);
    try {
      calls.call(call);
    } finally {
      inFlight.remove(session.id(), request.id(), wait);
    }
  }

  private static Client client(Session session, Message.Request request) {
    return new Client(
        session.version(),
        Json.object(session.capabilities()),
        session.clientName(),
        session.clientVersion(),
        null,
        TraceContext.of(request.meta()));
  }

  private static void answer(Exchange exchange, Message.Request request, ObjectNode result) {
    exchange.reply().finish(200, Replies.result(request.id(), result));
  }
}
