package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.CallInput;
import dev.longhaul.mcp.delivery.Dialect;
import dev.longhaul.mcp.delivery.LogFeed;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.primitive.JobUri;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.tools.ServedTool;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.tools.ToolCallParams;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Client;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods of the earlier revisions within a session. */
public final class LegacyMethods {
  private final ServedTools tools;
  private final ToolCalls calls;
  private final LegacyPrimitives primitives;
  private final LegacyDialect dialect = new LegacyDialect();
  private final SessionStore sessions;
  private final LegacyServices services;
  private final Resumption resumption;

  public LegacyMethods(
      ServedTools tools,
      ToolCalls calls,
      LegacyPrimitives primitives,
      SessionStore sessions,
      LegacyServices services) {
    this.tools = tools;
    this.calls = calls;
    this.primitives = primitives;
    this.sessions = sessions;
    this.services = services;
    this.resumption = new Resumption(services, calls::takeOver);
  }

  /** What goes on with the calls of resumed streams. */
  Resumption resumption() {
    return resumption;
  }

  void handle(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    switch (request.method()) {
      case "ping" -> answer(exchange, request, Replies.object());
      case "logging/setLevel" -> answer(exchange, request, setLevel(session, request));
      case "tools/list" -> answer(exchange, request, list(session, request));
      case "tools/call" -> call(exchange, session, request);
      case "resources/subscribe" -> {
        subscribe(exchange, session, uri(request));
        answer(exchange, request, Replies.object());
      }
      case "resources/unsubscribe" -> {
        services.subscriptions.remove(session.id(), uri(request));
        services.jobUpdates.remove(session.id(), uri(request));
        answer(exchange, request, Replies.object());
      }
      default -> {
        if (!primitive(exchange, session, request)
            && (!session.hasTasks() || !task(exchange, session, request))) {
          throw notServed(request);
        }
      }
    }
  }

  private void subscribe(Exchange exchange, Session session, String uri) {
    if (JobUri.is(uri)) {
      services.jobUpdates.add(session.id(), exchange.caller(), uri);
    } else {
      services.subscriptions.add(session.id(), uri);
    }
  }

  private boolean primitive(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    ObjectNode list = primitives.list(request.method(), request.params().get("cursor"));
    LegacyPrimitives.Calling calling = primitives.calling(request.method());
    if (list != null) {
      answer(exchange, request, list);
    } else if (calling != null) {
      ObjectNode params = calling.params().apply(request.params());
      JsonNode token = ToolCallParams.progressToken(request.meta());
      Call call = call(exchange, session, request, params, token, dialect, exchange.reply(), null);
      keep(exchange, call, session, request, Resumption.CALL);
      held(session, call, () -> calling.action().accept(call));
    } else {
      return false;
    }
    return true;
  }

  private boolean task(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    LegacyTasks tasks = services.tasks;
    switch (request.method()) {
      case "tasks/get" ->
          answer(
              exchange, request, tasks.get(exchange, session, client(session, request), request));
      case "tasks/cancel" -> answer(exchange, request, tasks.cancel(exchange, request));
      case "tasks/list" -> {
        if (!tasks.lists()) {
          throw notServed(request);
        }
        answer(exchange, request, tasks.list(exchange, request));
      }
      case "tasks/result" -> taskResult(exchange, session, request);
      default -> {
        return false;
      }
    }
    return true;
  }

  private ObjectNode setLevel(Session session, Message.Request request) {
    String level = request.params().path("level").stringValue("");
    if (!LogFeed.LEVELS.contains(level)) {
      throw RpcException.invalidParams(
          "params.level must be one of " + String.join(", ", LogFeed.LEVELS) + ".");
    }
    sessions.logLevel(session.id(), level);
    return Replies.object();
  }

  private ObjectNode list(Session session, Message.Request request) {
    return tools
        .page(
            request.params().get("cursor"),
            session.hasTasks() ? ServedTool::legacyTaskDescription : ServedTool::legacyDescription)
        .result("tools");
  }

  private void call(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    ObjectNode params = ToolCallParams.clean(request.params());
    JsonNode token = ToolCallParams.progressToken(request.meta());
    Call call = call(exchange, session, request, params, token, dialect, exchange.reply(), null);
    if (session.hasTasks()
        && LegacyTasks.wanted(request, tools.find(call.tool()).map(ServedTool::taskSupport))) {
      services.tasks.create(exchange, session, request, call);
      return;
    }
    keep(exchange, call, session, request, Resumption.CALL);
    held(session, call, () -> calls.call(call));
  }

  private void taskResult(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    JobId task = LegacyTasks.id(request);
    ObjectNode params = Replies.object().put("name", "");
    params.putObject("arguments");
    Reply reply = new RelatedReply(exchange.reply(), task);
    JsonNode token = services.tasks.progressToken(session, task);
    Call call =
        call(exchange, session, request, params, token, LegacyTasks.dialect(task), reply, task);
    keep(exchange, call, session, request, Resumption.TASK_RESULT);
    held(session, call, () -> calls.untilEnd(call, task));
  }

  private void keep(
      Exchange exchange, Call call, Session session, Message.Request request, String kind) {
    call.reply()
        .keepIn(
            new CallJournal(
                services.events,
                services.holders,
                services.signals,
                session.id(),
                session.knowsPriming(),
                retry(exchange, session),
                request.id(),
                call.progressToken(),
                kind));
  }

  // On the transport of 2024-11-05 no header is known and nothing primed, so this counts nowhere.
  private @Nullable Duration retry(Exchange exchange, Session session) {
    return session.knowsPriming() && session.takesRetry(exchange.header("User-Agent"))
        ? services.retryAfter
        : null;
  }

  /** While it is held, a request can be cancelled from any process. */
  private void held(Session session, Call call, Serving serving) throws InterruptedException {
    InFlight.Key key = new InFlight.Key(session.id(), call.id());
    services.inFlight.add(key, call.waiting());
    try {
      serving.run();
    } finally {
      services.inFlight.remove(key, call.waiting());
    }
  }

  @FunctionalInterface
  private interface Serving {
    void run() throws InterruptedException;
  }

  private Call call(
      Exchange exchange,
      Session session,
      Message.Request request,
      ObjectNode params,
      @Nullable JsonNode progressToken,
      Dialect written,
      Reply reply,
      @Nullable JobId task) {
    return new Call(
        request.method(),
        exchange.caller(),
        request.id(),
        params,
        progressToken,
        false,
        client(session, request),
        session.clientName(),
        session.id(),
        exchange.baseUrl(),
        written,
        new Wait(),
        reply,
        new SessionQuestioner(services.questions, session.id(), reply, task),
        CallInput.NONE);
  }

  private static String uri(Message.Request request) {
    JsonNode uri = request.params().path("uri");
    if (!uri.isString() || uri.asString().isBlank()) {
      throw RpcException.invalidParams("params.uri must be the URI of a resource.");
    }
    return uri.asString();
  }

  private static RpcException notServed(Message.Request request) {
    return new RpcException(
        200, ErrorCode.METHOD_NOT_FOUND, "The method " + request.method() + " is not served.");
  }

  private static Client client(Session session, Message.Request request) {
    return session.client(request.trace());
  }

  private static void answer(Exchange exchange, Message.Request request, ObjectNode result) {
    exchange.reply().finish(200, Replies.result(request.id(), result));
  }
}
