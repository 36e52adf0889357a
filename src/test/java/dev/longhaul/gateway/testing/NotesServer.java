package dev.longhaul.gateway.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small MCP server of 2025-06-18 on stdin and stdout that keeps notes in memory, to be started as
 * a child by tests. In its directory it appends what happened to the file {@code diary}, and looks
 * for the files that let slow calls go on.
 */
public final class NotesServer {
  // Numbers go back as they came.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final long LOOK_MILLIS = 20;

  private final Path directory;
  private final PrintStream out;
  private final List<String> notes = new ArrayList<>();
  private final Set<String> subscribed = new LinkedHashSet<>();
  private final Map<JsonNode, Thread> running = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong(1_000);

  private NotesServer(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /** The command that starts it: {@code java}, its options, this class and the directory. */
  public static List<String> command(Path directory) {
    Set<String> classPath = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            NotesServer.class,
            JsonMapper.class,
            TokenStreamFactory.class,
            com.fasterxml.jackson.annotation.JsonProperty.class)) {
      classPath.add(
          Path.of(needed.getProtectionDomain().getCodeSource().getLocation().getPath()).toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        String.join(File.pathSeparator, classPath),
        NotesServer.class.getName(),
        directory.toString());
  }

  /** The lines of the diary. */
  public static List<String> diary(Path directory) {
    try {
      Path diary = directory.resolve("diary");
      return Files.exists(diary) ? Files.readAllLines(diary) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets a slow call go on. */
  public static void go(Path directory, String mark) {
    try {
      Files.writeString(directory.resolve(mark + ".go"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs the server.
   *
   * @param args the directory
   */
  public static void main(String[] args) throws IOException {
    var server =
        new NotesServer(
            Path.of(args[0]), new PrintStream(System.out, true, StandardCharsets.UTF_8));
    server.write("started " + ProcessHandle.current().pid());
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      server.got((ObjectNode) JSON.readTree(line));
    }
    System.exit(0);
  }

  private synchronized void write(String line) {
    try {
      Files.writeString(
          directory.resolve("diary"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void send(ObjectNode message) {
    message.put("jsonrpc", "2.0");
    out.println(JSON.writeValueAsString(message));
  }

  private void got(ObjectNode message) {
    JsonNode id = message.get("id");
    String method = message.path("method").asString("");
    ObjectNode params =
        message.get("params") instanceof ObjectNode given ? given : JSON.createObjectNode();
    if (method.isEmpty()) {
      var waiting = asked.remove(id.asLong());
      if (waiting != null) {
        waiting.complete(message.path("result"));
      }
    } else if (method.equals("notifications/cancelled")) {
      Thread thread = running.get(params.path("requestId"));
      if (thread != null) {
        thread.interrupt();
      }
    } else if (id != null) {
      Thread thread = new Thread(() -> answer(id, method, params), "request " + id);
      running.put(id, thread);
      thread.start();
    }
  }

  private void answer(JsonNode id, String method, ObjectNode params) {
    ObjectNode message = JSON.createObjectNode();
    message.set("id", id);
    try {
      ObjectNode result = result(method, params);
      if (result == null) {
        message
            .putObject("error")
            .put("code", -32601)
            .put("message", "Method not found: " + method);
      } else {
        message.set("result", result);
      }
    } catch (InterruptedException e) {
      write("cancelled " + params.at("/arguments/mark").asString(""));
      return; // 2025-06-18: no response to a cancelled request
    } finally {
      running.remove(id);
    }
    send(message);
  }

  private @Nullable ObjectNode result(String method, ObjectNode params)
      throws InterruptedException {
    return switch (method) {
      case "initialize" -> initialized();
      case "ping" -> JSON.createObjectNode();
      case "tools/list" -> lists("tools", TOOLS);
      case "resources/list" -> lists("resources", "[{\"uri\":\"note://all\",\"name\":\"all\"}]");
      case "resources/templates/list" -> lists("resourceTemplates", "[]");
      case "prompts/list" ->
          lists(
              "prompts",
              "[{\"name\":\"hail\",\"arguments\":[{\"name\":\"who\",\"required\":true}]}]");
      case "resources/read" -> read();
      case "resources/subscribe", "resources/unsubscribe" -> subscribe(method, params);
      case "prompts/get" -> prompt(params.at("/arguments/who").asString("nobody"));
      case "completion/complete" ->
          object("{\"completion\":{\"values\":[\"Ann\",\"Anton\"],\"total\":2,\"hasMore\":false}}");
      case "tools/call" -> call(params);
      default -> null;
    };
  }

  private static final String TOOLS =
      """
      [{"name":"add_note","inputSchema":{"type":"object"}},
       {"name":"list_notes","inputSchema":{"type":"object"},
        "annotations":{"readOnlyHint":true,"idempotentHint":true}},
       {"name":"slow_write","inputSchema":{"type":"object"}},
       {"name":"slow_read","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},
       {"name":"ask","inputSchema":{"type":"object"}},
       {"name":"echo","inputSchema":{"type":"object"},"outputSchema":{"type":"object"},
        "annotations":{"readOnlyHint":true}}]
      """;

  private static ObjectNode initialized() {
    return object(
        """
        {"protocolVersion":"2025-06-18","serverInfo":{"name":"notes","version":"1"},
         "capabilities":{"tools":{},"resources":{"subscribe":true},"prompts":{},"completions":{},"logging":{}}}
        """);
  }

  private static ObjectNode lists(String field, String entries) {
    ObjectNode list = JSON.createObjectNode();
    list.set(field, JSON.readTree(entries));
    return list;
  }

  private synchronized ObjectNode read() {
    ObjectNode result = JSON.createObjectNode();
    result
        .putArray("contents")
        .addObject()
        .put("uri", "note://all")
        .put("mimeType", "text/plain")
        .put("text", String.join(" ", notes));
    return result;
  }

  private synchronized ObjectNode subscribe(String method, ObjectNode params) {
    String uri = params.path("uri").asString("");
    if (method.endsWith("/subscribe")) {
      subscribed.add(uri);
    } else {
      subscribed.remove(uri);
    }
    write(method + " " + uri);
    return JSON.createObjectNode();
  }

  private static ObjectNode prompt(String who) {
    ObjectNode result = JSON.createObjectNode();
    result
        .putArray("messages")
        .addObject()
        .put("role", "user")
        .putObject("content")
        .put("type", "text")
        .put("text", "Hail " + who);
    return result;
  }

  private ObjectNode call(ObjectNode params) throws InterruptedException {
    JsonNode arguments = params.path("arguments");
    return switch (params.path("name").asString()) {
      case "add_note" -> text(Integer.toString(add(arguments.path("text").asString(""))));
      case "list_notes" -> text(noted());
      case "slow_write", "slow_read" -> slow(params);
      case "ask" -> text(ask(arguments.path("message").asString("")));
      case "echo" -> echo(params);
      default -> {
        ObjectNode unknown = text("unknown tool");
        yield unknown.put("isError", true);
      }
    };
  }

  private synchronized int add(String text) {
    notes.add(text);
    if (subscribed.contains("note://all")) {
      ObjectNode updated = JSON.createObjectNode().put("method", "notifications/resources/updated");
      updated.putObject("params").put("uri", "note://all");
      send(updated);
    }
    return notes.size();
  }

  private synchronized String noted() {
    return String.join(" ", notes);
  }

  private ObjectNode slow(ObjectNode params) throws InterruptedException {
    String mark = params.at("/arguments/mark").asString();
    write("running " + mark);
    JsonNode token = params.at("/_meta/progressToken");
    if (!token.isMissingNode()) {
      ObjectNode progress = JSON.createObjectNode().put("method", "notifications/progress");
      ObjectNode its = progress.putObject("params");
      its.set("progressToken", token);
      its.put("progress", 1).put("total", 4).put("message", "began " + mark);
      send(progress);
    }
    while (!Files.exists(directory.resolve(mark + ".go"))) {
      Thread.sleep(LOOK_MILLIS);
    }
    write("done " + mark);
    return text("done " + mark);
  }

  private String ask(String message) throws InterruptedException {
    long id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    asked.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", "elicitation/create");
    ObjectNode params = request.putObject("params").put("message", message);
    params.set(
        "requestedSchema",
        JSON.readTree("{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"string\"}}}"));
    send(request);
    try {
      return answer.get().at("/content/word").asString("no answer");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode echo(ObjectNode params) {
    ObjectNode result = text("echo");
    result.set("structuredContent", params.path("arguments"));
    return result;
  }

  private static ObjectNode text(String text) {
    ObjectNode result = JSON.createObjectNode();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json);
  }
}
