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
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session with an upstream that speaks 2025-11-25 or an earlier version, with {@code initialize}.
 */
final class LegacySession implements UpstreamSession {
  private static final Logger log = LoggerFactory.getLogger(LegacySession.class);
  private static final String CALL = "tools/call";
  private static final String RELATED_TASK = "io.modelcontextprotocol/related-task";

  // Requests that may be sent again though the first may have arrived.
  private static final Set<String> REPEATABLE =
      Set.of(
          "tools/list",
          "resources/list",
          "resources/templates/list",
          "resources/read",
          "resources/subscribe",
          "resources/unsubscribe",
          "prompts/list",
          "prompts/get",
          "completion/complete",
          "logging/setLevel",
          "tasks/get",
          "tasks/result",
          "ping");

  private final Setup setup;
  private final boolean streams;
  private final LegacyQuestions questions;
  private final OpenCalls calls;
  private final Peer peer;
  private volatile @Nullable Facts facts; // null until it is initialised
  private volatile long number; // how often it has been initialised anew; written under the lock
  private volatile boolean closed;
  private volatile boolean followsLists;
  // Written under the lock of this object, like the next one.
  private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
  private @Nullable String level;

  private LegacySession(Setup setup, HttpKind transport, Duration limit)
      throws InterruptedException {
    this.setup = setup;
    this.streams = setup.streams(transport);
    this.calls = new OpenCalls(setup.oneAtATime());
    this.questions = new LegacyQuestions(calls);
    this.peer = connect(setup, transport, new Unrelated());
    try {
      this.facts = initialise(limit);
    } catch (RpcErrorException | UpstreamLostException | UpstreamProtocolException e) {
      peer.close();
      throw otherEra(e, setup);
    } catch (RuntimeException | InterruptedException e) {
      peer.close();
      throw e;
    }
  }

  /**
   * Opens a session.
   *
   * @param limit how long the upstream may take to answer
   * @throws OtherEraException if the upstream does not take {@code initialize} over this transport
   */
  static LegacySession open(Setup setup, HttpKind transport, Duration limit)
      throws InterruptedException {
    return new LegacySession(setup, transport, limit);
  }

  // A process that cannot be started says nothing about its era; an upstream without a stream of
  // events does.
  private static Peer connect(Setup setup, HttpKind transport, Receiver receiver)
      throws InterruptedException {
    try {
      return setup.peers().open(setup.config(), transport, receiver, setup.behalf());
    } catch (UpstreamLostException | UpstreamProtocolException e) {
      throw setup.http() ? otherEra(e, setup) : e;
    }
  }

  private static RuntimeException otherEra(RuntimeException failure, Setup setup) {
    return Eras.other(failure, Era.LEGACY, setup.http())
        ? new OtherEraException(String.valueOf(failure.getMessage()), false, failure)
        : failure;
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
      String earlier = feed.task();
      if (earlier != null) {
        return task(earlier, null, feed);
      }
      setLevel(feed.logLevel());
      ObjectNode body = body(params, feed, token);
      boolean asTask = method.equals(CALL) && asTask(params.path("name").stringValue(""));
      if (asTask) {
        body.putObject("task").put("ttl", feed.taskTtl().toMillis());
      }
      ObjectNode result = send(method, body, feed, null);
      String id = asTask ? UpstreamTask.id(result.path("task")) : "";
      if (id.isEmpty()) {
        return result;
      }
      feed.task(id);
      return task(id, (ObjectNode) result.path("task"), feed);
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
        page -> send(method, page, CallFeed.NONE, setup.limits().request()));
  }

  @Override
  public synchronized void follow(boolean lists, Set<String> resources)
      throws InterruptedException {
    followsLists = lists;
    boolean subscribes = facts().capabilities().at("/resources/subscribe").asBoolean(false);
    if (lists || (subscribes && !resources.isEmpty())) {
      peer.listen(); // first, so that nothing is announced that nobody hears
    }
    if (subscribes) {
      subscribe(resources);
    }
  }

  private void subscribe(Set<String> resources) throws InterruptedException {
    for (String uri : resources) {
      if (subscribed.add(uri)) {
        try {
          ask("resources/subscribe", uri);
        } catch (RuntimeException | InterruptedException e) {
          subscribed.remove(uri);
          throw e;
        }
      }
    }
    for (String uri : Set.copyOf(subscribed)) {
      if (!resources.contains(uri)) {
        subscribed.remove(uri);
        ask("resources/unsubscribe", uri);
      }
    }
  }

  // A refusal is about this resource; it is not asked again in this session.
  private void ask(String method, String uri) throws InterruptedException {
    try {
      var _ = send(subscription(method, uri), CallFeed.NONE);
    } catch (RpcErrorException e) {
      log.info("Upstream {} refuses {} of a resource: {}", name(), method, Quoted.message(e));
    }
  }

  private Request subscription(String method, String uri) {
    return request(method, object().put("uri", uri), setup.limits().request());
  }

  @Override
  public boolean isAlive() {
    return !closed && peer.isOpen();
  }

  @Override
  public void close() {
    closed = true;
    peer.close();
  }

  private String name() {
    return setup.config().name();
  }

  private Facts initialise(Duration limit) throws InterruptedException {
    ObjectNode params = object().put("protocolVersion", Eras.LEGACY.getFirst());
    // Declared only where a question can be attributed to a call.
    ObjectNode questions =
        streams || setup.oneAtATime() ? Capabilities.questions(setup.capabilities()) : object();
    params.set("capabilities", questions);
    params.set("clientInfo", setup.client());
    ObjectNode result =
        peer.request(
            new Request("initialize", params, Map.of(), limit, Cancellation.NONE), Receiver.NONE);
    String version = result.path("protocolVersion").stringValue("");
    if (!Eras.LEGACY.contains(version)) {
      throw new UpstreamProtocolException(
          "The upstream speaks the version "
              + Quoted.json(result.path("protocolVersion"))
              + " of MCP, which is not known here.");
    }
    peer.headers(Map.of("MCP-Protocol-Version", version));
    peer.notify("notifications/initialized", object());
    if (!questions.isEmpty()) {
      // Some servers ask on the stream that belongs to no call, and would wait in vain without it.
      peer.listen();
    }
    return new Facts(
        Era.LEGACY,
        version,
        result.get("capabilities") instanceof ObjectNode capabilities ? capabilities : object(),
        result.get("serverInfo") instanceof ObjectNode info ? info : object(),
        result.path("instructions").stringValue(null));
  }

  /**
   * Initialises the session anew, once for all calls that have found it expired.
   *
   * @param expired the number of the expired session
   */
  private synchronized void renew(long expired) throws InterruptedException {
    if (number != expired) {
      return;
    }
    facts = initialise(setup.config().startTimeout());
    number = expired + 1;
    level = null;
    subscribeAgain();
    if (followsLists) {
      for (String list : List.of("tools/list", "resources/list", "prompts/list")) {
        setup.listener().changed(list);
      }
    }
  }

  // The call that found the session expired has nothing to do with subscriptions.
  private void subscribeAgain() throws InterruptedException {
    if (followsLists || !subscribed.isEmpty()) {
      peer.listen();
    }
    for (String uri : subscribed) {
      try {
        var _ = peer.request(subscription("resources/subscribe", uri), Receiver.NONE);
        setup.listener().resourceUpdated(uri); // it may have been, meanwhile
      } catch (RpcErrorException e) {
        log.info("Upstream {} refuses a subscription again: {}", name(), Quoted.message(e));
      } catch (UpstreamLostException | UpstreamProtocolException e) {
        log.info("Upstream {} does not announce updates: {}", name(), e.getMessage());
      }
    }
  }

  private ObjectNode send(String method, ObjectNode params, CallFeed feed, @Nullable Duration limit)
      throws InterruptedException {
    return send(request(method, params, limit), feed);
  }

  private static Request request(String method, ObjectNode params, @Nullable Duration limit) {
    return new Request(method, params, Map.of(), limit, Cancellation.NOTIFICATION);
  }

  private ObjectNode send(Request request, CallFeed feed) throws InterruptedException {
    String method = request.method();
    long used = number;
    try {
      return peer.request(request, new Related(feed));
    } catch (RpcErrorException e) {
      if (!expired(e)) {
        throw e;
      }
      renewFor(method, used, e);
    } catch (UpstreamLostException e) {
      boolean repeatable =
          streams
              && !(e instanceof UpstreamTimeoutException)
              && (!e.sent() || REPEATABLE.contains(method));
      if (expired(e)) {
        renewFor(method, used, e);
      } else if (e.status() != 0 || !repeatable) {
        throw e;
      }
    }
    try {
      return peer.request(request, new Related(feed));
    } catch (RpcErrorException | UpstreamLostException e) {
      throw expired(e) ? notRun(method, e) : e;
    }
  }

  private void renewFor(String method, long used, RuntimeException expiry)
      throws InterruptedException {
    try {
      renew(used);
    } catch (RpcErrorException | UpstreamLostException | UpstreamProtocolException e) {
      e.addSuppressed(expiry);
      throw notRun(method, e);
    }
  }

  // An upstream that does not know the session has not looked at the request.
  private static UpstreamLostException notRun(String method, RuntimeException cause) {
    int status = cause instanceof UpstreamLostException lost ? lost.status() : 0;
    return new UpstreamLostException(
        "The upstream has ended the session and opens no other for "
            + method
            + ": "
            + cause.getMessage(),
        false,
        status,
        cause);
  }

  /** Whether a request was refused because the session has expired. */
  private boolean expired(RuntimeException failure) {
    return streams && Expiry.says(failure);
  }

  private static ObjectNode body(ObjectNode params, CallFeed feed, long token) {
    ObjectNode body = object();
    var _ = body.setAll(params);
    var _ = body.remove("_meta");
    ObjectNode meta = object();
    if (!feed.equals(CallFeed.NONE)) {
      meta.put("progressToken", token);
    }
    feed.trace().forEach(meta::put);
    if (!meta.isEmpty()) {
      body.set("_meta", meta);
    }
    return body;
  }

  /** Has the upstream send log messages from that level, where they can be attributed to a call. */
  private void setLevel(@Nullable String wanted) throws InterruptedException {
    if (wanted == null
        || !(streams || setup.oneAtATime())
        || !facts().capabilities().path("logging").isObject()) {
      return;
    }
    synchronized (this) {
      if (level != null && OpenCalls.severity(level) <= OpenCalls.severity(wanted)) {
        return;
      }
    }
    try {
      var _ =
          send(
              "logging/setLevel",
              object().put("level", wanted),
              CallFeed.NONE,
              setup.limits().request());
    } catch (RpcErrorException e) {
      // The call can do without its log messages.
      log.debug("Upstream {} refuses the level {}: {}", name(), wanted, Quoted.message(e));
    } catch (UpstreamLostException e) {
      throw notSent(e);
    }
    synchronized (this) {
      level = wanted;
    }
  }

  // The call that needs this first has not been sent yet.
  private static UpstreamLostException notSent(UpstreamLostException e) {
    return new UpstreamLostException(String.valueOf(e.getMessage()), false, e.status(), e);
  }

  private boolean asTask(String tool) throws InterruptedException {
    return facts().version().equals("2025-11-25")
        && Capabilities.tasks(Era.LEGACY, facts().capabilities())
        && setup.hints().of(tool, this::readTools).task();
  }

  private void readTools() throws InterruptedException {
    var _ = list("tools/list");
  }

  private ObjectNode task(String id, @Nullable ObjectNode created, CallFeed feed)
      throws InterruptedException {
    calls.task(id, feed);
    try {
      return new UpstreamTask(new Task(id, feed), feed).result(created);
    } finally {
      calls.endTask(id);
    }
  }

  /** The methods of tasks of 2025-11-25 for one task. */
  private final class Task implements UpstreamTask.Methods {
    private final String id;
    private final CallFeed feed;

    Task(String id, CallFeed feed) {
      this.id = id;
      this.feed = feed;
    }

    @Override
    public ObjectNode get() throws InterruptedException {
      return send("tasks/get", params(), feed, setup.limits().request());
    }

    @Override
    public Optional<ObjectNode> handle(ObjectNode task) throws InterruptedException {
      return switch (task.path("status").stringValue("")) {
        case "working" -> Optional.empty();
        case "completed", "failed" ->
            Optional.of(plain(send("tasks/result", params(), feed, null)));
        case "input_required" -> result();
        case "cancelled" ->
            throw new RpcErrorException(-32603, "The upstream cancelled its task.", null);
        default ->
            throw new UpstreamProtocolException(
                "The upstream's task has a status that is not known here: "
                    + Quoted.json(task.path("status")));
      };
    }

    // Its questions come while the result is waited for; if that connection ends, the task goes on.
    private Optional<ObjectNode> result() throws InterruptedException {
      try {
        return Optional.of(plain(send("tasks/result", params(), feed, null)));
      } catch (UpstreamLostException e) {
        if (!alive()) {
          throw e;
        }
        return Optional.empty();
      }
    }

    @Override
    public void cancel() throws InterruptedException {
      if (facts().capabilities().at("/tasks/cancel").isObject()) {
        var _ = send("tasks/cancel", params(), CallFeed.NONE, setup.limits().request());
      }
    }

    @Override
    public JsonNode pause(ObjectNode task) {
      return task.path("pollInterval");
    }

    @Override
    public boolean alive() {
      return isAlive();
    }

    private ObjectNode params() {
      return object().put("taskId", id);
    }
  }

  /** The result of a task as the call would have had it without a task. */
  private static ObjectNode plain(ObjectNode result) {
    if (result.get("_meta") instanceof ObjectNode meta && meta.has(RELATED_TASK)) {
      var _ = meta.remove(RELATED_TASK);
      if (meta.isEmpty()) {
        var _ = result.remove("_meta");
      }
    }
    return result;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Gets what comes on the stream of one call. */
  private final class Related implements Receiver {
    private final CallFeed feed;

    Related(CallFeed feed) {
      this.feed = feed;
    }

    @Override
    public void notification(String method, ObjectNode params) {
      if (method.equals("notifications/message")) {
        OpenCalls.log(feed, params);
      } else {
        other(method, params);
      }
    }

    @Override
    public ObjectNode request(String method, ObjectNode params) throws InterruptedException {
      return LegacyQuestions.answer(feed, method, params);
    }
  }

  /** Gets what comes on a stream that belongs to no call. */
  private final class Unrelated implements Receiver {
    @Override
    public void notification(String method, ObjectNode params) {
      if (method.equals("notifications/message")) {
        OpenCalls.log(calls.of(params), params);
      } else {
        other(method, params);
      }
    }

    @Override
    public ObjectNode request(String method, ObjectNode params) throws InterruptedException {
      return questions.answer(method, params);
    }

    // Any request finds that out too, and begins another session.
    @Override
    public void expired() {
      if (followsLists || !subscribed.isEmpty()) {
        var _ = Threads.virtual("upstream-" + name() + "-renew", LegacySession.this::ping);
      }
    }
  }

  private void ping() {
    try {
      var _ = send("ping", object(), CallFeed.NONE, setup.limits().request());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("The session with upstream {} is not renewed yet", name(), e);
    }
  }

  private void other(String method, ObjectNode params) {
    switch (method) {
      case "notifications/progress" -> calls.progress(params);
      case "notifications/tools/list_changed" -> changed("tools/list");
      case "notifications/resources/list_changed" -> changed("resources/list");
      case "notifications/prompts/list_changed" -> changed("prompts/list");
      case "notifications/resources/updated" -> {
        if (!subscribed.isEmpty()) {
          setup.listener().resourceUpdated(params.path("uri").stringValue(""));
        }
      }
      default -> {
        // Other notifications are of no use here.
      }
    }
  }

  private void changed(String list) {
    if (followsLists) {
      setup.listener().changed(list);
    }
  }
}
