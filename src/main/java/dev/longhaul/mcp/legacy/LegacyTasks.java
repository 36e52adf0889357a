package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Dialect;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.queue.JobPage;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The experimental tasks of 2025-11-25 (basic/utilities/tasks), each of which is a job. */
final class LegacyTasks {
  /** A longer requested time to live is reduced to this; the task shows it. */
  private static final Duration MAX_TTL = Duration.ofDays(7);

  /** How many tasks a page holds; each ended one costs a read of its result. */
  private static final int PAGE_SIZE = 20;

  private static final Logger log = LoggerFactory.getLogger(LegacyTasks.class);

  private final Intake intake;
  private final LegacyTaskView view;
  private final TaskNotifications notifications;
  private final ClientQuestions questions;
  private final TaskTokens tokens;
  private final Settings settings;

  LegacyTasks(
      Intake intake,
      LegacyTaskView view,
      TaskNotifications notifications,
      ClientQuestions questions,
      TaskTokens tokens,
      Settings settings) {
    this.intake = intake;
    this.view = view;
    this.notifications = notifications;
    this.questions = questions;
    this.tokens = tokens;
    this.settings = settings;
  }

  /**
   * @param ttl the time to live of a task whose client requests none
   * @param listed whether tasks/list is served: not if callers cannot be distinguished
   */
  record Settings(Duration ttl, boolean listed) {}

  /** Declares the capability. */
  void declare(ObjectNode capabilities) {
    ObjectNode tasks = capabilities.putObject("tasks");
    if (settings.listed()) {
      tasks.putObject("list");
    }
    tasks.putObject("cancel");
    tasks.putObject("requests").putObject("tools").putObject("call");
  }

  boolean lists() {
    return settings.listed();
  }

  /**
   * Whether a call becomes a task.
   *
   * @param support the tool's setting; empty if there is no such tool, which is reported elsewhere
   * @throws RpcException {@code METHOD_NOT_FOUND} if the tool does not allow the call
   */
  static boolean wanted(Message.Request request, Optional<TaskSupport> support) {
    JsonNode task = request.params().get("task");
    if (support.isEmpty()) {
      return false;
    }
    if (task == null && support.get() == TaskSupport.REQUIRED) {
      throw new RpcException(
          200, ErrorCode.METHOD_NOT_FOUND, "This tool runs as a task only: send params.task.");
    }
    if (task != null && support.get() == TaskSupport.FORBIDDEN) {
      throw new RpcException(
          200,
          ErrorCode.METHOD_NOT_FOUND,
          "This tool cannot run as a task: leave params.task out.");
    }
    return task != null;
  }

  /** Begins a task and responds with it. */
  void create(Exchange exchange, Session session, Message.Request request, Call call) {
    Duration ttl = ttl(request.params().path("task"));
    Submission submission = call.submission();
    Job submitted = intake.submit(submission);
    Job job = intake.handOver(call.caller(), submitted.id(), ttl);
    if (call.progressToken() != null) {
      tokens.keep(session.id(), job.id(), Json.text(call.progressToken()), ttl);
    }
    notifications.follow(session.id(), call.caller(), job.id());
    ObjectNode result = Replies.object();
    result.set("task", view.created(job));
    exchange.reply().finish(200, Replies.result(request.id(), result));
  }

  private Duration ttl(JsonNode task) {
    if (!task.isObject()) {
      throw RpcException.invalidParams("params.task must be an object.");
    }
    JsonNode ttl = task.get("ttl");
    if (ttl == null || ttl.isNull()) {
      return settings.ttl();
    }
    if (!ttl.isNumber() || ttl.asDouble() < 0) {
      throw RpcException.invalidParams(
          "params.task.ttl must be a number of milliseconds, or null.");
    }
    // The cast turns a number beyond the range into the largest long.
    long wanted = (long) ttl.asDouble();
    return Duration.ofMillis(Math.clamp(wanted, 1, MAX_TTL.toMillis()));
  }

  /**
   * tasks/get. Also sends open questions on the stream of this response, for clients that only
   * poll.
   */
  ObjectNode get(Exchange exchange, Session session, Client client, Message.Request request) {
    Job job = intake.job(exchange.caller(), id(request));
    List<OpenQuestion> open = intake.questions(exchange.caller(), job);
    open.stream()
        .filter(question ->
            client.missingFor(
                    new Question(question.key(), question.method(), Json.object(question.params())))
                == null)
        .forEach(question -> ask(exchange.reply(), session, job.id(), question));
    return view.now(exchange.caller(), job, open);
  }

  private void ask(Reply reply, Session session, JobId id, OpenQuestion question) {
    ObjectNode params = Json.object(question.params());
    RelatedTask.mark(params, id);
    try {
      questions.askOnSecondPoll(
          session.id(), new RelatedReply(reply, id), id, question.key(), question.method(), params);
    } catch (DataAccessException e) {
      log.warn(
          "A question of task {} was not sent; it is sent again when the client polls again", id);
    }
  }

  /** tasks/cancel. */
  ObjectNode cancel(Exchange exchange, Message.Request request) {
    return view.now(exchange.caller(), intake.cancel(exchange.caller(), id(request)));
  }

  /** tasks/list. */
  ObjectNode list(Exchange exchange, Message.Request request) {
    JsonNode cursor = request.params().get("cursor");
    if (cursor != null && !cursor.isString()) {
      throw RpcException.invalidParams("params.cursor must be one that this server gave.");
    }
    JobPage page =
        intake.list(
            exchange.caller(), null, null, cursor == null ? null : cursor.asString(), PAGE_SIZE);
    ObjectNode result = Replies.object();
    var tasks = result.putArray("tasks");
    page.jobs().forEach(job -> tasks.add(view.now(exchange.caller(), job)));
    if (page.nextCursor() != null) {
      result.put("nextCursor", page.nextCursor());
    }
    return result;
  }

  /** The task id in the request's params. */
  static JobId id(Message.Request request) {
    String text = request.params().path("taskId").stringValue("");
    if (!JobId.isValid(text)) {
      throw RpcException.invalidParams("Unknown task: its id is none of this server's.");
    }
    return new JobId(text);
  }

  /**
   * The progress token of the request that began a task, which stays valid; null if it had none.
   */
  @Nullable JsonNode progressToken(Session session, JobId task) {
    String token = tokens.find(session.id(), task);
    return token == null ? null : Json.tree(token);
  }

  /** Writes the result of tasks/result: the plain call's result, marked with its task. */
  static Dialect dialect(JobId task) {
    return new Dialect() {
      @Override
      public ObjectNode result(ObjectNode callToolResult) {
        return RelatedTask.mark(LegacyDialect.written(callToolResult), task);
      }

      @Override
      public boolean disconnectCancels() {
        return false;
      }
    };
  }
}
