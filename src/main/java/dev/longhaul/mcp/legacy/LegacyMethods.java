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
  private final LegacyPrimitives primitives;
  private final LegacyDialect dialect = new LegacyDialect();
  private final InFlight inFlight = new InFlight();

  public LegacyMethods(ServedTools tools, ToolCalls calls, LegacyPrimitives primitives) {
    this.tools = tools;
    this.calls = calls;
    this.primitives = primitives;
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
      default -> other(exchange, session, request);
    }
  }

  private void other(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    ObjectNode list = primitives.list(request.method(), request.params().get("cursor"));
    LegacyPrimitives.Calling calling = primitives.calling(request.method());
    if (list != null) {
      answer(exchange, request, list);
    } else if (calling != null) {
      run(
          exchange,
          session,
          request,
          calling.params().apply(request.params()),
          call -> calling.action().accept(call));
    } else {
      throw new RpcException(
          200, ErrorCode.METHOD_NOT_FOUND, "The method " + request.method() + " is not served.");
    }
  }

  private ObjectNode list(Message.Request request) {
    return tools
        .page(request.params().get("cursor"), ServedTool::legacyDescription)
        .result("tools");
  }

  private void call(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    run(exchange, session, request, ToolCallParams.clean(request.params()), calls::call);
  }

  /** Carries a call out. */
  @FunctionalInterface
  private interface Action {
    void on(Call call) throws InterruptedException;
  }

  private void run(
      Exchange exchange, Session session, Message.Request request, ObjectNode params, Action action)
      throws InterruptedException {
    Wait wait = new Wait();
    Call call =
        new Call(
            request.method(),
            exchange.caller(),
            request.id(),
            params,
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
      action.on(call);
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
