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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves the methods of the earlier revisions. */
final class LegacyMethods {
  private final ServedTools tools;
  private final ToolCalls calls;
  private final LegacyPrimitiveMethods primitives;
  private final LegacyDialect dialect = new LegacyDialect();
  private final SessionStore sessions;
  private final Subscriptions subscriptions;
  private final SessionSubscriptions sessionSubscriptions;
  private final JobSubscriptions jobSubscriptions;
  private final LegacyTasks tasks;
  private final ClientQuestions questions;
  private final InFlight inFlight;
  private final CallJournals journals;

  LegacyMethods(
      ServedTools tools,
      ToolCalls calls,
      LegacyPrimitiveMethods primitives,
      SessionStore sessions,
      Subscriptions subscriptions,
      SessionSubscriptions sessionSubscriptions,
      JobSubscriptions jobSubscriptions,
      LegacyTasks tasks,
      ClientQuestions questions,
      InFlight inFlight,
      CallJournals journals) {
    this.tools = tools;
    this.calls = calls;
    this.primitives = primitives;
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.sessionSubscriptions = sessionSubscriptions;
    this.jobSubscriptions = jobSubscriptions;
    this.tasks = tasks;
    this.questions = questions;
    this.inFlight = inFlight;
    this.journals = journals;
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
        subscriptions.remove(session.id(), uri(request));
        sessionSubscriptions.removed(session.id());
        jobSubscriptions.remove(session.id(), uri(request));
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

  private void subscribe(Exchange exchange, Session session, String uri)
      throws InterruptedException {
    if (JobUri.is(uri)) {
      jobSubscriptions.add(session.id(), exchange.caller(), uri);
    } else {
      subscriptions.add(session.id(), uri);
      sessionSubscriptions.added(session.id(), uri);
    }
  }

  private boolean primitive(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    ObjectNode list = primitives.list(request.method(), request.params().get("cursor"));
    LegacyPrimitiveMethods.Calling calling = primitives.calling(request.method());
    if (list != null) {
      answer(exchange, request, list);
    } else if (calling != null) {
      ObjectNode params = calling.params().apply(request.params());
      JsonNode token = ToolCallParams.progressToken(request.meta());
      Call call = call(exchange, session, request, params, token, dialect, exchange.reply(), null);
      journals.keep(exchange, call, session, request, Resumption.CALL);
      inFlight.during(session.id(), call, () -> calling.action().accept(call));
    } else {
      return false;
    }
    return true;
  }

  private boolean task(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
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
      tasks.create(exchange, session, request, call);
      return;
    }
    journals.keep(exchange, call, session, request, Resumption.CALL);
    inFlight.during(session.id(), call, () -> calls.call(call));
  }

  private void taskResult(Exchange exchange, Session session, Message.Request request)
      throws InterruptedException {
    JobId task = LegacyTasks.id(request);
    ObjectNode params = Replies.object().put("name", "");
    params.putObject("arguments");
    Reply reply = new RelatedReply(exchange.reply(), task);
    JsonNode token = tasks.progressToken(session, task);
    Call call =
        call(exchange, session, request, params, token, LegacyTasks.dialect(task), reply, task);
    journals.keep(exchange, call, session, request, Resumption.TASK_RESULT);
    inFlight.during(session.id(), call, () -> calls.untilEnd(call, task));
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
        new Call.Sender(
            client(session, request), session.clientName(), session.id(), exchange.baseUrl()),
        written,
        new Wait(),
        reply,
        new SessionQuestioner(questions, session.id(), reply, task),
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
