package dev.longhaul.gateway.session;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import dev.longhaul.schema.HeaderValue;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A test upstream over streamable HTTP of its era, and over HTTP with SSE. */
final class HttpUpstream implements AutoCloseable {
  private static final long HEARTBEAT = 50;

  private final TestUpstream upstream;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final Map<String, CompletableFuture<ObjectNode>> questions = new ConcurrentHashMap<>();
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final Set<Thread> listening = ConcurrentHashMap.newKeySet();
  private final AtomicLong ids = new AtomicLong();
  private volatile @Nullable Stream events;

  HttpUpstream(TestUpstream upstream) {
    this.upstream = upstream;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/mcp", this::handle);
    server.createContext("/sse", this::events);
    server.createContext("/messages", this::message);
    server.start();
  }

  URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/mcp");
  }

  /** Where there is only HTTP with SSE. */
  URI sse() {
    return url().resolve("/sse");
  }

  /** Forgets all sessions, as a restart does. */
  void forget() {
    sessions.clear();
    listening.forEach(Thread::interrupt);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "POST" -> post(exchange);
        case "GET" -> get(exchange);
        case "DELETE" -> {
          sessions.remove(exchange.getRequestHeaders().getFirst("Mcp-Session-Id"));
          exchange.sendResponseHeaders(200, -1);
        }
        default -> exchange.sendResponseHeaders(405, -1);
      }
    } catch (InterruptedException e) {
      // Nobody waits for a response any more.
      Thread.currentThread().interrupt();
    }
  }

  private void events(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      try (var stream = new Stream(exchange, JsonNodeFactory.instance.numberNode(0))) {
        stream.open();
        events = stream;
        stream.write("event: endpoint\ndata: /messages?session=1\n\n");
        upstream.listeners.put("sse", stream);
        upstream.listened.release();
        new CountDownLatch(1).await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // The response comes on the stream of events.
  private void message(HttpExchange exchange) throws IOException {
    try (exchange) {
      ObjectNode message =
          (ObjectNode) TestUpstream.JSON.readTree(exchange.getRequestBody().readAllBytes());
      exchange.sendResponseHeaders(202, -1);
      String method = message.path("method").asString("");
      Stream stream = events;
      if (method.isEmpty()) {
        answered(message);
      } else if (!message.has("id")) {
        notified(method, message);
      } else if (stream != null) {
        var _ =
            Threads.virtual(
                "sse",
                () -> {
                  ObjectNode response = TestUpstream.object().put("jsonrpc", "2.0");
                  response.set("id", message.path("id"));
                  try {
                    var _ = respond(response, method, message, stream, () -> {});
                    stream.event(response);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
      }
    }
  }

  private void get(HttpExchange exchange) throws IOException, InterruptedException {
    if (upstream.era == Era.MODERN || !known(exchange)) {
      exchange.sendResponseHeaders(upstream.era == Era.MODERN ? 405 : 404, -1);
      return;
    }
    listening.add(Thread.currentThread());
    try (var stream = new Stream(exchange, JsonNodeFactory.instance.numberNode(0))) {
      stream.open();
      upstream.listeners.put("get", stream);
      upstream.listened.release();
      new CountDownLatch(1).await();
    } finally {
      upstream.listeners.remove("get");
      listening.remove(Thread.currentThread());
    }
  }

  private boolean known(HttpExchange exchange) {
    String session = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
    return session != null && sessions.contains(session);
  }

  private void post(HttpExchange exchange) throws IOException, InterruptedException {
    ObjectNode message =
        (ObjectNode) TestUpstream.JSON.readTree(exchange.getRequestBody().readAllBytes());
    String method = message.path("method").asString("");
    if (method.isEmpty()) {
      answered(message);
      exchange.sendResponseHeaders(202, -1);
    } else if (!message.has("id")) {
      notified(method, message);
      exchange.sendResponseHeaders(202, -1);
    } else {
      request(exchange, message, method);
    }
  }

  private void answered(ObjectNode message) {
    var question = questions.remove(message.path("id").asString(""));
    if (question == null) {
      return;
    }
    if (message.get("result") instanceof ObjectNode result) {
      question.complete(result);
    } else {
      JsonNode error = message.path("error");
      question.completeExceptionally(
          new TestUpstream.Refusal(
              200, error.path("code").asInt(0), error.path("message").asString(""), null));
    }
  }

  private void notified(String method, ObjectNode message) {
    Thread thread = running.get(message.path("params").path("requestId").toString());
    if (method.equals("notifications/cancelled") && thread != null) {
      thread.interrupt();
    }
  }

  private void request(HttpExchange exchange, ObjectNode message, String method)
      throws IOException, InterruptedException {
    ObjectNode response = TestUpstream.object().put("jsonrpc", "2.0");
    response.set("id", message.path("id"));
    try (var stream = new Stream(exchange, message.path("id"))) {
      int status =
          respond(
              response,
              method,
              message,
              stream,
              () -> check(exchange, method, message.path("params")));
      if (method.equals("initialize")) {
        String session = UUID.randomUUID().toString();
        sessions.add(session);
        exchange.getResponseHeaders().set("Mcp-Session-Id", session);
      }
      stream.finish(status, response);
    }
  }

  /** Completes a response; returns its status. */
  private int respond(
      ObjectNode response, String method, ObjectNode message, Stream stream, Runnable check)
      throws InterruptedException {
    String id = message.path("id").toString();
    running.put(id, Thread.currentThread());
    try {
      check.run();
      ObjectNode params =
          message.get("params") instanceof ObjectNode given ? given : TestUpstream.object();
      response.set("result", upstream.answer(method, params, stream));
      return 200;
    } catch (TestUpstream.Refusal e) {
      ObjectNode error = response.putObject("error");
      error.put("code", e.code).put("message", e.getMessage());
      if (e.data != null) {
        error.set("data", e.data);
      }
      return e.status;
    } finally {
      running.remove(id);
    }
  }

  private void check(HttpExchange exchange, String method, JsonNode params) {
    if (upstream.era == Era.LEGACY) {
      if (!method.equals("initialize") && !known(exchange)) {
        throw new TestUpstream.Refusal(
            method.equals("server/discover") ? 400 : 404, -32001, "Session not found", null);
      }
      return;
    }
    String text = params.path("arguments").path("text").asString("");
    boolean marked = params.path("name").asString("").equals("echo") && !text.isEmpty();
    if (!method.equals(header(exchange, "Mcp-Method"))
        || !params
            .path("_meta")
            .path("io.modelcontextprotocol/protocolVersion")
            .asString("")
            .equals(header(exchange, "MCP-Protocol-Version"))
        || (method.equals("tools/call")
            && !params.path("name").asString("").equals(header(exchange, "Mcp-Name")))
        || (marked && !text.equals(header(exchange, "Mcp-Param-Text")))) {
      throw new TestUpstream.Refusal(400, -32020, "header mismatch", null);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : HeaderValue.decode(value).orElse("");
  }

  /** The response to one request: JSON, or a stream if something has to be sent before. */
  private final class Stream implements TestUpstream.Client, AutoCloseable {
    private final HttpExchange exchange;
    private final JsonNode id;
    private final Thread worker = Thread.currentThread();
    private @Nullable OutputStream out;
    private volatile boolean closed;

    Stream(HttpExchange exchange, JsonNode id) {
      this.exchange = exchange;
      this.id = id;
    }

    synchronized void open() throws IOException {
      if (out == null) {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        out = exchange.getResponseBody();
        var _ = Threads.virtual("heartbeat", this::beat);
      }
    }

    // Finds that the client has closed the stream.
    private void beat() {
      try {
        while (!closed) {
          write(": alive\n\n");
          Thread.sleep(HEARTBEAT);
        }
      } catch (IOException e) {
        if (!closed) {
          worker.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void write(String text) throws IOException {
      if (out != null && !closed) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }

    private void event(ObjectNode message) {
      try {
        open();
        write("event: message\ndata: " + message + "\n\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void finish(int status, ObjectNode response) throws IOException {
      if (out == null) {
        byte[] body = response.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      } else {
        event(response);
      }
    }

    @Override
    public void send(String method, ObjectNode params) {
      ObjectNode message = TestUpstream.object().put("jsonrpc", "2.0").put("method", method);
      event(message.set("params", params));
    }

    @Override
    public ObjectNode ask(String method, ObjectNode params) throws InterruptedException {
      String question = "q" + ids.incrementAndGet();
      var answer = new CompletableFuture<ObjectNode>();
      questions.put(question, answer);
      ObjectNode message =
          TestUpstream.object().put("jsonrpc", "2.0").put("id", question).put("method", method);
      event(message.set("params", params));
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof TestUpstream.Refusal refusal
            ? refusal
            : new IllegalStateException(e);
      }
    }

    @Override
    public JsonNode id() {
      return id;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
