package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.Request;
import dev.longhaul.gateway.rpc.Request.Cancellation;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.gateway.rpc.UpstreamTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session with an upstream that speaks 2026-07-28 or later. The protocol has no session there;
 * this is what is known of the upstream, and its connection.
 */
final class ModernSession implements UpstreamSession {
  private static final String DISCOVER = "server/discover";
  private static final String CALL = "tools/call";
  private static final long FIRST_PAUSE = 250;
  private static final long LONGEST_PAUSE = 10_000;

  private final Setup setup;
  private final OpenCalls calls;
  private final ModernListening listening;
  private final Peer peer;
  private volatile String version;
  private volatile @Nullable Facts facts; // null while it is asked for
  private volatile boolean stale;

  private ModernSession(Setup setup, Duration limit) throws InterruptedException {
    this.setup = setup;
    this.calls = new OpenCalls(setup.oneAtATime());
    this.listening = new ModernListening(setup, this::listen, this::isAlive);
    this.version = setup.versions().getFirst();
    this.peer =
        setup.peers().open(setup.config(), HttpKind.STREAMABLE, new Unrelated(), setup.behalf());
    try {
      this.facts = discover(limit);
    } catch (RuntimeException | InterruptedException e) {
      peer.close();
      throw e;
    }
  }

  /**
   * Opens a session.
   *
   * @param limit how long the upstream may take to answer
   * @throws OtherEraException if the upstream is legacy
   */
  static ModernSession open(Setup setup, Duration limit) throws InterruptedException {
    return new ModernSession(setup, limit);
  }

  @Override
  public Facts facts() {
    return Objects.requireNonNull(facts);
  }

  @Override
  public @Nullable Long pid() {
    return peer.pid();
  }

  @Override
  public ObjectNode call(String method, ObjectNode params, CallFeed feed)
      throws InterruptedException {
    long token = calls.begin(feed);
    try {
      var questions = new InputRequests(feed);
      String earlier = feed.task();
      return earlier == null
          ? rounds(method, params, feed, token, questions)
          : task(earlier, null, feed, token, questions);
    } finally {
      calls.end(token);
    }
  }

  @Override
  public List<ObjectNode> list(String method) throws InterruptedException {
    return Pages.of(
        setup,
        facts(),
        method,
        page -> send(method, page, CallFeed.NONE, null, setup.limits().request()));
  }

  @Override
  public void follow(boolean lists, Set<String> resources) throws InterruptedException {
    listening.set(lists, resources, facts().capabilities());
  }

  @Override
  public boolean isAlive() {
    return !stale && peer.isOpen();
  }

  @Override
  public void close() {
    stale = true;
    listening.stop();
    peer.close();
  }

  private Facts discover(Duration limit) throws InterruptedException {
    ObjectNode result;
    try {
      result = first(limit);
    } catch (RpcErrorException | UpstreamLostException | UpstreamProtocolException e) {
      if (Eras.other(e, Era.MODERN, setup.http())) {
        throw new OtherEraException(
            String.valueOf(e.getMessage()), e instanceof UpstreamTimeoutException, e);
      }
      throw e;
    }
    JsonNode supported = result.path("supportedVersions");
    if (!supported.isArray() || !(result.get("capabilities") instanceof ObjectNode capabilities)) {
      throw new OtherEraException(
          "its answer to " + DISCOVER + " is none",
          false,
          new UpstreamProtocolException("The upstream's answer to " + DISCOVER + " is invalid."));
    }
    version = chosen(Eras.versions(supported));
    return new Facts(
        Era.MODERN,
        version,
        capabilities,
        result.path("_meta").get(ModernMeta.SERVER) instanceof ObjectNode info
            ? info
            : JsonNodeFactory.instance.objectNode(),
        result.path("instructions").stringValue(null));
  }

  // The answer may come in the version of the request only.
  private ObjectNode first(Duration limit) throws InterruptedException {
    ObjectNode none = JsonNodeFactory.instance.objectNode();
    try {
      return exchange(DISCOVER, none, CallFeed.NONE, null, limit);
    } catch (RpcErrorException e) {
      if (Eras.supported(e).isEmpty()) {
        throw e;
      }
      version = chosen(Eras.supported(e));
      return exchange(DISCOVER, none, CallFeed.NONE, null, limit);
    }
  }

  private String chosen(List<String> supported) {
    for (String known : setup.versions()) {
      if (supported.contains(known)) {
        return known;
      }
    }
    var failure =
        new UpstreamProtocolException(
            "The upstream speaks the versions "
                + supported
                + " of MCP, of which none is known here.");
    if (supported.stream().anyMatch(Eras::isLegacy)) {
      throw new OtherEraException("it speaks " + supported, false, failure);
    }
    throw failure;
  }

  private ObjectNode rounds(
      String method, ObjectNode params, CallFeed feed, long token, InputRequests questions)
      throws InterruptedException {
    ObjectNode body = params;
    long pause = FIRST_PAUSE;
    for (int round = 0; round <= setup.limits().rounds(); round++) {
      ObjectNode result = send(method, body, feed, token, null);
      switch (result.path("resultType").stringValue("complete")) {
        case "complete" -> {
          return plain(result);
        }
        case "task" -> {
          String id = UpstreamTask.id(result);
          if (!tasks() || id.isEmpty()) {
            throw new UpstreamProtocolException(
                "The upstream answered " + method + " with a task that it may not make.");
          }
          feed.task(id);
          return task(id, result, feed, token, questions);
        }
        case "input_required" -> {
          feed.waits();
          ObjectNode responses = null;
          if (result.get("inputRequests") instanceof ObjectNode requests && !requests.isEmpty()) {
            responses = questions.answers("", requests);
          } else if (!result.has("requestState")) {
            throw new UpstreamProtocolException(
                "The upstream asks for input, but with neither a question nor a state.");
          } else {
            Thread.sleep(pause);
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
          }
          body = again(params, responses, result.get("requestState"));
          feed.goesOn();
        }
        default ->
            throw new UpstreamProtocolException(
                "The upstream answered "
                    + method
                    + " with a resultType that is not known here: "
                    + Quoted.json(result.path("resultType")));
      }
    }
    throw new UpstreamProtocolException(
        "The upstream asked for input more than " + setup.limits().rounds() + " times.");
  }

  private static ObjectNode again(
      ObjectNode params, @Nullable ObjectNode responses, @Nullable JsonNode state) {
    ObjectNode body = copy(params);
    if (responses != null) {
      body.set("inputResponses", responses);
    }
    if (state != null) {
      body.set("requestState", state);
    }
    return body;
  }

  private ObjectNode task(
      String id, @Nullable ObjectNode created, CallFeed feed, long token, InputRequests questions)
      throws InterruptedException {
    return new UpstreamTask(new Task(id, feed, token, questions), feed).result(created);
  }

  /** The methods of the tasks extension for one task. */
  private final class Task implements UpstreamTask.Methods {
    private final String id;
    private final CallFeed feed;
    private final long token;
    private final InputRequests questions;
    // Keys are unique in the life of a task, and answers may be applied later than acknowledged.
    private final Set<String> answered = new HashSet<>();
    // Answers that the upstream has not acknowledged; their questions are not asked again.
    private final ObjectNode given = JsonNodeFactory.instance.objectNode();

    Task(String id, CallFeed feed, long token, InputRequests questions) {
      this.id = id;
      this.feed = feed;
      this.token = token;
      this.questions = questions;
    }

    @Override
    public ObjectNode get() throws InterruptedException {
      return send("tasks/get", params(), feed, token, setup.limits().request());
    }

    @Override
    public Optional<ObjectNode> handle(ObjectNode task) throws InterruptedException {
      return switch (task.path("status").stringValue("")) {
        case "working" -> Optional.empty();
        case "input_required" -> {
          ask(task);
          yield Optional.empty();
        }
        case "completed" -> Optional.of(result(task));
        case "failed" -> throw failure(task.path("error"));
        case "cancelled" ->
            throw new RpcErrorException(-32603, "The upstream cancelled its task.", null);
        default ->
            throw new UpstreamProtocolException(
                "The upstream's task has a status that is not known here: "
                    + Quoted.json(task.path("status")));
      };
    }

    private static ObjectNode result(ObjectNode task) {
      if (task.get("result") instanceof ObjectNode result) {
        return plain(result);
      }
      throw new UpstreamProtocolException("The upstream's task is completed without a result.");
    }

    private void ask(ObjectNode task) throws InterruptedException {
      ObjectNode open = JsonNodeFactory.instance.objectNode();
      task.path("inputRequests")
          .properties()
          .forEach(entry -> {
            if (!answered.contains(entry.getKey()) && !given.has(entry.getKey())) {
              open.set(entry.getKey(), entry.getValue());
            }
          });
      if (!open.isEmpty()) {
        var _ = given.setAll(questions.answers("task:", open));
      }
      if (!given.isEmpty()) {
        ObjectNode params = params();
        params.set("inputResponses", copy(given));
        var _ = send("tasks/update", params, feed, token, setup.limits().request());
        answered.addAll(given.propertyNames());
        var _ = given.removeAll();
      }
    }

    @Override
    public void cancel() throws InterruptedException {
      var _ = send("tasks/cancel", params(), feed, token, setup.limits().request());
    }

    @Override
    public JsonNode pause(ObjectNode task) {
      return task.path("pollIntervalMs");
    }

    @Override
    public boolean alive() {
      return isAlive();
    }

    private ObjectNode params() {
      return JsonNodeFactory.instance.objectNode().put("taskId", id);
    }
  }

  private static RpcErrorException failure(JsonNode error) {
    return new RpcErrorException(
        error.path("code").asInt(-32603),
        error.path("message").stringValue("The upstream's task failed."),
        error.get("data"));
  }

  /** Sends a request, again if the upstream now wants another version or other headers. */
  private ObjectNode send(
      String method,
      ObjectNode params,
      CallFeed feed,
      @Nullable Long token,
      @Nullable Duration limit)
      throws InterruptedException {
    String used = version;
    try {
      return exchange(method, params, feed, token, limit);
    } catch (RpcErrorException e) {
      if (e.code() == Eras.UNSUPPORTED_VERSION) {
        version = stillKnown(e, used);
      } else if (e.code() == Eras.HEADER_MISMATCH && method.equals(CALL)) {
        setup.hints().renew(this::readTools);
      } else {
        judge(e);
        throw e;
      }
    } catch (UpstreamLostException e) {
      judge(e);
      throw e;
    }
    return exchange(method, params, feed, token, limit);
  }

  private void readTools() throws InterruptedException {
    var _ = list("tools/list");
  }

  private String stillKnown(RpcErrorException refusal, String used) {
    try {
      String other = chosen(Eras.supported(refusal));
      if (!other.equals(used)) {
        return other;
      }
    } catch (OtherEraException | UpstreamProtocolException e) {
      refusal.addSuppressed(e);
    }
    stale = true;
    setup.otherEra().run();
    throw refusal;
  }

  // A refusal that modern upstreams do not have: it may have been replaced by a legacy one.
  private void judge(RuntimeException failure) {
    if (setup.http()
        && Eras.noStreamableHttp(failure)
        && !(failure instanceof RpcErrorException e && Eras.isCore(e.code()))
        && Eras.other(failure, Era.MODERN, true)) {
      stale = true;
      setup.otherEra().run();
    }
  }

  private ObjectNode exchange(
      String method,
      ObjectNode params,
      CallFeed feed,
      @Nullable Long token,
      @Nullable Duration limit)
      throws InterruptedException {
    ObjectNode body = copy(params);
    Long wanted = feed.equals(CallFeed.NONE) ? null : token;
    body.set("_meta", ModernMeta.of(version, setup.client(), feed, wanted, tasks()));
    return peer.request(
        new Request(method, body, headers(method, params), limit, Cancellation.CLOSE),
        new Related(feed));
  }

  private Map<String, String> headers(String method, ObjectNode params)
      throws InterruptedException {
    if (!setup.http()) {
      return Map.of();
    }
    Map<String, String> headers = new HashMap<>(ModernMeta.headers(version, method, params));
    if (method.equals(CALL)) {
      var hint = setup.hints().of(params.path("name").stringValue(""), this::readTools);
      headers.putAll(hint.params().headers(params.path("arguments")));
    }
    return headers;
  }

  /** Listens to changes until the upstream ends the stream. */
  private void listen(ObjectNode filter, Receiver receiver) throws InterruptedException {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("notifications", filter);
    params.set("_meta", ModernMeta.of(version, setup.client(), CallFeed.NONE, null, false));
    var _ =
        peer.request(
            new Request(
                "subscriptions/listen",
                params,
                ModernMeta.headers(version, "subscriptions/listen", params),
                null,
                Cancellation.CLOSE),
            receiver);
  }

  private boolean tasks() {
    Facts known = facts;
    return known != null && Capabilities.tasks(Era.MODERN, known.capabilities());
  }

  private static ObjectNode copy(ObjectNode params) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    var _ = copy.setAll(params);
    return copy;
  }

  /** A result without what belongs to the envelope of this era. */
  private static ObjectNode plain(ObjectNode result) {
    var _ = result.remove("resultType");
    if (result.get("_meta") instanceof ObjectNode meta && meta.has(ModernMeta.SERVER)) {
      var _ = meta.remove(ModernMeta.SERVER);
      if (meta.isEmpty()) {
        var _ = result.remove("_meta");
      }
    }
    return result;
  }

  /** Gets what comes for one call. */
  private final class Related implements Receiver {
    private final CallFeed feed;

    Related(CallFeed feed) {
      this.feed = feed;
    }

    @Override
    public void notification(String method, ObjectNode params) {
      switch (method) {
        case "notifications/progress" -> calls.progress(params);
        case "notifications/message" -> OpenCalls.log(feed, params);
        default -> {
          // Nothing else belongs to a call.
        }
      }
    }
  }

  /** Gets what a stdio upstream sends: all requests share its one stream. */
  private final class Unrelated implements Receiver {
    @Override
    public void notification(String method, ObjectNode params) {
      switch (method) {
        case "notifications/progress" -> calls.progress(params);
        case "notifications/message" -> OpenCalls.log(calls.of(params), params);
        default -> listening.notification(method, params);
      }
    }
  }
}
