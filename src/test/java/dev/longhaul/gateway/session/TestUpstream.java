package dev.longhaul.gateway.session;

import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an MCP server of either era does, without a transport. */
final class TestUpstream {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final BigDecimal EXACT = new BigDecimal("1.10");
  static final BigInteger LARGE = new BigInteger("123456789012345678901234567890");

  private static final String META = "io.modelcontextprotocol/";
  private static final String TASKS = META + "tasks";

  final Era era;
  final String version;
  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger initialised = new AtomicInteger();
  final Semaphore started = new Semaphore(0);
  final Semaphore cancelled = new Semaphore(0);
  final Semaphore cancelledTasks = new Semaphore(0);
  final Semaphore listened = new Semaphore(0);
  volatile CountDownLatch end = new CountDownLatch(1);
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<ObjectNode> metas = new CopyOnWriteArrayList<>();
  final Map<String, Client> listeners = new ConcurrentHashMap<>();
  final Set<String> subscribed = ConcurrentHashMap.newKeySet();
  volatile boolean announces = true;
  volatile String description = "says what it hears";
  volatile @Nullable ObjectNode declared;
  private final Map<String, ObjectNode> tasks = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> answers = new ConcurrentHashMap<>();

  TestUpstream(Era era) {
    this(era, era == Era.MODERN ? "2026-07-28" : "2025-11-25");
  }

  TestUpstream(Era era, String version) {
    this.era = era;
    this.version = version;
  }

  /** The client of one request. */
  interface Client {
    void send(String method, ObjectNode params);

    ObjectNode ask(String method, ObjectNode params) throws InterruptedException;

    /** The id of the request. */
    JsonNode id();
  }

  /** An error response. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;
    final int code;
    final transient @Nullable ObjectNode data;

    Refusal(int status, int code, String message, @Nullable ObjectNode data) {
      super(message);
      this.status = status;
      this.code = code;
      this.data = data;
    }
  }

  /** Answers a request; blocks while it runs, and is interrupted if it is cancelled. */
  ObjectNode answer(String method, ObjectNode params, Client client) throws InterruptedException {
    requests.add(method);
    if (params.get("_meta") instanceof ObjectNode meta) {
      metas.add(meta);
    }
    ObjectNode result =
        switch (era) {
          case MODERN -> modern(method, params, client);
          case LEGACY -> legacy(method, params, client);
        };
    if (era == Era.MODERN) {
      if (!result.has("resultType")) {
        result.put("resultType", "complete");
      }
      result.withObject("_meta").putObject(META + "serverInfo").put("name", "test");
    }
    return result;
  }

  /** Announces something to all that listen. */
  void announce(String method, ObjectNode params) {
    listeners.forEach((id, client) -> {
      ObjectNode copy = params.deepCopy();
      if (era == Era.MODERN) {
        copy.withObject("_meta").set(META + "subscriptionId", client.id());
      }
      client.send(method, copy);
    });
  }

  private ObjectNode modern(String method, ObjectNode params, Client client)
      throws InterruptedException {
    JsonNode asked = params.path("_meta").path(META + "protocolVersion");
    if (!asked.isString()) {
      throw new Refusal(400, -32602, "no version", null);
    }
    if (!asked.stringValue().equals(version)) {
      ObjectNode data = object().set("requested", asked);
      data.putArray("supported").add(version);
      throw new Refusal(400, -32022, "unsupported version", data);
    }
    return switch (method) {
      case "server/discover" -> {
        ObjectNode result = object();
        result.putArray("supportedVersions").add(version);
        result.set("capabilities", capabilities());
        result.put("instructions", "be kind").put("ttlMs", 0).put("cacheScope", "private");
        yield result;
      }
      case "subscriptions/listen" -> listen(params, client);
      case "tasks/get" -> task(params);
      case "tasks/update" -> {
        update(params);
        yield object();
      }
      case "tasks/cancel" -> {
        cancelTask(params);
        yield object();
      }
      default -> common(method, params, client);
    };
  }

  private ObjectNode legacy(String method, ObjectNode params, Client client)
      throws InterruptedException {
    return switch (method) {
      case "initialize" -> {
        initialised.incrementAndGet();
        declared = (ObjectNode) params.path("capabilities");
        ObjectNode result = object().put("protocolVersion", version);
        result.set("capabilities", capabilities());
        result.putObject("serverInfo").put("name", "test").put("version", "1");
        yield result.put("instructions", "be kind");
      }
      case "ping", "logging/setLevel" -> object();
      case "resources/subscribe" -> {
        subscribed.add(params.path("uri").asString());
        yield object();
      }
      case "resources/unsubscribe" -> {
        subscribed.remove(params.path("uri").asString());
        yield object();
      }
      case "tasks/get" -> task(params);
      case "tasks/result" -> taskResult(params, client);
      case "tasks/cancel" -> {
        cancelTask(params);
        yield task(params);
      }
      default -> common(method, params, client);
    };
  }

  private ObjectNode capabilities() {
    ObjectNode capabilities = object();
    capabilities.putObject("tools").put("listChanged", announces);
    capabilities.putObject("resources").put("listChanged", announces).put("subscribe", true);
    capabilities.putObject("logging");
    switch (era) {
      case MODERN -> capabilities.putObject("extensions").putObject(TASKS);
      case LEGACY -> {
        ObjectNode declaring = capabilities.putObject("tasks");
        declaring.putObject("cancel");
        declaring.putObject("requests").putObject("tools").putObject("call");
      }
    }
    return capabilities;
  }

  private ObjectNode common(String method, ObjectNode params, Client client)
      throws InterruptedException {
    return switch (method) {
      case "tools/list" -> tools(params);
      case "resources/list" -> {
        ObjectNode result = object();
        result.putArray("resources").addObject().put("uri", "test://one").put("name", "one");
        yield result;
      }
      case "resources/read" -> {
        ObjectNode result = object();
        result
            .putArray("contents")
            .addObject()
            .put("uri", params.path("uri").asString())
            .put("text", "read");
        yield result;
      }
      case "tools/call" -> call(params, client);
      default -> throw new Refusal(404, -32601, "unknown method " + method, null);
    };
  }

  // Two pages.
  private ObjectNode tools(ObjectNode params) {
    ObjectNode result = object();
    var tools = result.putArray("tools");
    if (params.has("cursor")) {
      for (String name : List.of("slow", "ask", "job", "question_job")) {
        ObjectNode tool = tools.addObject().put("name", name);
        tool.putObject("inputSchema").put("type", "object");
        if (name.endsWith("job")) {
          tool.putObject("execution").put("taskSupport", "required");
        }
      }
      return result;
    }
    ObjectNode echo = tools.addObject().put("name", "echo").put("description", description);
    echo.putObject("inputSchema")
        .put("type", "object")
        .putObject("properties")
        .putObject("text")
        .put("type", "string")
        .put("x-mcp-header", "Text");
    return result.put("nextCursor", "second");
  }

  private ObjectNode call(ObjectNode params, Client client) throws InterruptedException {
    runs.incrementAndGet();
    return switch (params.path("name").asString()) {
      case "echo" -> {
        ObjectNode result = text(params.path("arguments").path("text").asString("nothing"));
        result.putObject("structuredContent").put("large", LARGE).put("exact", EXACT);
        result.putObject("_meta").put("vendor/key", "kept");
        result.putArray("unheard").add(1);
        yield result.put("isError", true);
      }
      case "refuse" -> throw new Refusal(200, -31999, "no", object().put("why", "because"));
      case "slow" -> slow(params, client);
      case "ask" -> ask(params, client);
      case "job", "question_job" -> startTask(params);
      case "await_cancelled" -> {
        cancelled.acquire();
        yield text("cancelled");
      }
      case "await_cancelled_task" -> {
        cancelledTasks.acquire();
        yield text("cancelled");
      }
      case "await_listener" -> {
        listened.acquire();
        yield text("listens");
      }
      case "finish" -> {
        end.countDown();
        yield text("finished");
      }
      case "reset" -> {
        end = new CountDownLatch(1);
        cancelled.drainPermits();
        cancelledTasks.drainPermits();
        description = "says what it hears";
        yield text("reset");
      }
      case "declared" -> {
        ObjectNode result = text("declared");
        ObjectNode said = declared;
        yield said == null ? result : result.set("structuredContent", said);
      }
      case "change" -> {
        description = "was changed";
        announce("notifications/tools/list_changed", object());
        announce("notifications/resources/updated", object().put("uri", "test://one"));
        yield text("changed");
      }
      default -> throw new Refusal(200, -32602, "unknown tool", null);
    };
  }

  private ObjectNode slow(ObjectNode params, Client client) throws InterruptedException {
    JsonNode token = params.path("_meta").path("progressToken");
    ObjectNode progress = object().put("progress", 1).put("total", 4).put("message", "one");
    client.send("notifications/progress", progress.set("progressToken", token));
    for (String level : List.of("debug", "warning")) {
      client.send(
          "notifications/message", object().put("level", level).put("data", "said " + level));
    }
    started.release();
    try {
      end.await();
    } catch (InterruptedException e) {
      cancelled.release();
      throw e;
    }
    return text("at last");
  }

  private ObjectNode ask(ObjectNode params, Client client) throws InterruptedException {
    ObjectNode question = object().put("message", "who?").put("mode", "form");
    question.putObject("requestedSchema").put("type", "object");
    ObjectNode answer;
    switch (era) {
      case LEGACY -> answer = client.ask("elicitation/create", question);
      case MODERN -> {
        if (!params.path("requestState").asString("").equals("state \" 1")) {
          ObjectNode result = object().put("resultType", "input_required");
          result.put("requestState", "state \" 1");
          result
              .putObject("inputRequests")
              .putObject("who")
              .put("method", "elicitation/create")
              .set("params", question);
          return result;
        }
        answer = (ObjectNode) params.path("inputResponses").path("who");
      }
      default -> throw new IllegalStateException();
    }
    return text("hello " + answer.path("content").path("name").asString("nobody"));
  }

  private ObjectNode startTask(ObjectNode params) {
    String id = "task-" + runs.get();
    ObjectNode task = object().put("taskId", id).put("status", "working");
    task.put("statusMessage", "under way").put("createdAt", "2026-11-30T00:00:00Z");
    task.put("lastUpdatedAt", "2026-11-30T00:00:00Z");
    task.putNull(era == Era.MODERN ? "ttlMs" : "ttl");
    task.put(era == Era.MODERN ? "pollIntervalMs" : "pollInterval", 20);
    if (params.path("name").asString().equals("question_job")) {
      answers.put(id, new Semaphore(0));
    }
    tasks.put(id, task);
    started.release();
    ObjectNode created = task.deepCopy();
    if (era == Era.MODERN) {
      return created.put("resultType", "task");
    }
    ObjectNode result = object();
    result.set("task", created);
    return result;
  }

  private ObjectNode task(ObjectNode params) {
    String id = params.path("taskId").asString();
    ObjectNode task = tasks.get(id);
    if (task == null) {
      throw new Refusal(200, -32602, "unknown task", null);
    }
    ObjectNode view = task.deepCopy();
    Semaphore answered = answers.get(id);
    if (answered != null && answered.availablePermits() == 0) {
      view.put("status", "input_required");
      if (era == Era.MODERN) {
        ObjectNode question = view.putObject("inputRequests").putObject("who");
        question.put("method", "elicitation/create").putObject("params").put("message", "who?");
      }
    } else if (end.getCount() == 0 && task.path("status").asString().equals("working")) {
      view.put("status", "completed");
      if (era == Era.MODERN) {
        view.set("result", text("done"));
      }
    }
    return view;
  }

  private void update(ObjectNode params) {
    if (params.path("inputResponses").has("who")) {
      answers.getOrDefault(params.path("taskId").asString(), new Semaphore(0)).release();
    }
  }

  private ObjectNode taskResult(ObjectNode params, Client client) throws InterruptedException {
    String id = params.path("taskId").asString();
    Semaphore answered = answers.get(id);
    if (answered != null && answered.availablePermits() == 0) {
      ObjectNode question = object().put("message", "who?");
      question.putObject("_meta").putObject(META + "related-task").put("taskId", id);
      var _ = client.ask("elicitation/create", question);
      answered.release();
    }
    end.await();
    ObjectNode result = text("done");
    result.putObject("_meta").putObject(META + "related-task").put("taskId", id);
    return result;
  }

  private void cancelTask(ObjectNode params) {
    ObjectNode task = tasks.get(params.path("taskId").asString());
    if (task == null) {
      throw new Refusal(200, -32602, "unknown task", null);
    }
    task.put("status", "cancelled");
    cancelledTasks.release();
  }

  private ObjectNode listen(ObjectNode params, Client client) throws InterruptedException {
    ObjectNode filter = (ObjectNode) params.path("notifications");
    ObjectNode acknowledged = object().set("notifications", filter);
    acknowledged.putObject("_meta").set(META + "subscriptionId", client.id());
    client.send("notifications/subscriptions/acknowledged", acknowledged);
    listeners.put(client.id().toString(), client);
    listened.release();
    try {
      new CountDownLatch(1).await();
    } finally {
      listeners.remove(client.id().toString());
    }
    return object();
  }

  static ObjectNode text(String text) {
    ObjectNode result = object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
