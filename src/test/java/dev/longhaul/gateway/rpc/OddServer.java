package dev.longhaul.gateway.rpc;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** A stdio server, as a process of its own, that answers well or does what it is told. */
final class OddServer {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  private static final Map<String, CountDownLatch> HELD = new ConcurrentHashMap<>();
  private static final Map<String, BlockingQueue<JsonNode>> ANSWERS = new ConcurrentHashMap<>();
  private static final Set<String> CANCELLED = ConcurrentHashMap.newKeySet();

  private OddServer() {}

  /** The command that starts it. */
  static List<String> command(String... arguments) {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            OddServer.class,
            ObjectMapper.class,
            StreamReadConstraints.class,
            com.fasterxml.jackson.annotation.JsonCreator.class,
            Nullable.class,
            Wire.class)) {
      places.add(place(needed));
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                String.join(File.pathSeparator, places),
                OddServer.class.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads messages until the end of its input. */
  public static void main(String[] arguments) throws IOException {
    for (String banner : arguments) {
      // Not in an argument, which may be limited to ASCII.
      say(banner.replace("MARK", "\uFEFF"));
    }
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    while (line != null) {
      JsonNode message = Wire.read(line.getBytes(StandardCharsets.UTF_8));
      if (message.path("method").asString("").equals("stop reading")) {
        await(new CountDownLatch(1));
      }
      Thread.ofVirtual().start(() -> handle(message));
      line = in.readLine();
    }
  }

  private static void handle(JsonNode message) {
    JsonNode params = message.optional("params").orElseGet(Wire.JSON::createObjectNode);
    String name = params.path("name").asString("");
    switch (message.path("method").asString("")) {
      case "echo" -> say(result(message, params));
      case "hold" -> {
        await(HELD.computeIfAbsent(name, _ -> new CountDownLatch(1)));
        say(result(message, params));
      }
      case "release" -> HELD.computeIfAbsent(name, _ -> new CountDownLatch(1)).countDown();
      case "notifications/cancelled" -> {
        CANCELLED.add(params.path("requestId").toString());
        HELD.values().forEach(CountDownLatch::countDown);
      }
      case "cancelled" -> say(result(message, Wire.JSON.valueToTree(Map.of("ids", CANCELLED))));
      case "progress" -> {
        JsonNode token = params.path("_meta").path("progressToken");
        say(note("notifications/progress", "{\"progressToken\":%s,\"progress\":1.50}", token));
        say(note("notifications/progress", "{\"progressToken\":%s,\"progress\":2}", "\"other\""));
        say(note("notifications/message", "{\"level\":\"info\",\"data\":%s}", token));
        say(result(message, Wire.JSON.createObjectNode()));
      }
      case "ask" -> {
        BlockingQueue<JsonNode> answer = answers(name);
        say(
            "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":%s,\"params\":{}}"
                .formatted(name, params.path("method")));
        ObjectNode got = Wire.JSON.createObjectNode();
        got.set("answer", take(answer));
        say(result(message, got));
      }
      case "lie" -> {
        say("{\"jsonrpc\":\"2.0\",\"id\":\"" + message.path("id") + "\",\"result\":{\"lie\":1}}");
        say("{\"jsonrpc\":\"2.0\",\"id\":987654,\"result\":{}}");
        say("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"result\":{}}");
        say("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"x\"}}");
        say("{broken");
        say("[1,\"two\",{}]");
        say("plain text");
        say("{\"jsonrpc\":\"1.0\",\"method\":\"x\"}");
        say(result(message, params));
      }
      case "batch" ->
          say(
              "["
                  + note("notifications/message", "{\"level\":\"info\",\"data\":%s}", "\"b\"")
                  + ","
                  + result(message, params)
                  + "]");
      case "say" ->
          say(params.path("text").asString("").replace("$ID", message.path("id").toString()));
      case "flood" -> {
        String mega = "x".repeat(1 << 20);
        OUT.print("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":{\"a\":\"");
        while (!OUT.checkError()) {
          OUT.print(mega);
        }
      }
      case "exit" -> {
        System.err.println(params.path("text").asString(""));
        System.err.flush();
        Runtime.getRuntime().halt(params.path("code").asInt(0));
      }
      case "" -> answers(message.path("id").asString("")).add(message);
      default ->
          say(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + message.path("id")
                  + ",\"error\":{\"code\":-32601,\"message\":\"No such method\",\"data\":{\"n\":1.0}}}");
    }
  }

  private static BlockingQueue<JsonNode> answers(String id) {
    return ANSWERS.computeIfAbsent(id, _ -> new LinkedBlockingQueue<>());
  }

  private static JsonNode take(BlockingQueue<JsonNode> answer) {
    try {
      return answer.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String note(String method, String params, Object value) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\""
        + method
        + "\",\"params\":"
        + params.formatted(value)
        + "}";
  }

  private static String result(JsonNode message, JsonNode result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}";
  }

  private static synchronized void say(String line) {
    OUT.println(line);
    OUT.flush();
    if (OUT.checkError()) {
      throw new UncheckedIOException(new IOException("closed"));
    }
  }
}
