package dev.longhaul.mcp;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.testing.RawConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Generates requests that are nearly valid, and some arbitrary bytes. */
final class FuzzRequests {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> METHODS =
      List.of(
          "server/discover",
          "tools/list",
          "tools/call",
          "tasks/get",
          "tasks/update",
          "tasks/cancel",
          "subscriptions/listen",
          "resources/list",
          "resources/read",
          "resources/templates/list",
          "prompts/list",
          "prompts/get",
          "completion/complete",
          "logging/setLevel",
          "initialize",
          "ping",
          "notifications/cancelled",
          "notifications/initialized");
  private static final List<String> WORDS =
      List.of(
          "",
          "inline_echo",
          "quick",
          "2026-07-28",
          "2025-11-25",
          "io.modelcontextprotocol/tasks",
          "\u0000",
          "\ud83d\ude00",
          "\"}]",
          "../../etc/passwd",
          "test://static-text",
          "longhaul://jobs/1",
          "9".repeat(300),
          "x".repeat(3_000));
  private static final List<String> KEYS =
      List.of(
          "jsonrpc",
          "id",
          "method",
          "params",
          "name",
          "arguments",
          "_meta",
          "cursor",
          "uri",
          "taskId",
          "ref",
          "argument",
          "inputResponses",
          "requestState",
          "notifications",
          "taskIds",
          "resourceSubscriptions",
          "progressToken",
          "io.modelcontextprotocol/protocolVersion",
          "io.modelcontextprotocol/clientCapabilities",
          "io.modelcontextprotocol/logLevel",
          "dev.longhaul/priority",
          "traceparent");

  private final Random random;
  private final String session;

  FuzzRequests(Random random, String session) {
    this.random = random;
    this.session = session;
  }

  /**
   * One request.
   *
   * @param body a character for each byte, as in Latin-1
   * @param abort whether the client disconnects instead of reading the response
   */
  record Request(String head, String body, boolean abort) {}

  Request next() {
    boolean modern = random.nextBoolean();
    ObjectNode message = message(modern);
    List<String> headers = headers(modern, message);
    byte[] body = body(message);
    if (random.nextInt(8) == 0) {
      headers.remove(random.nextInt(headers.size()));
    }
    if (random.nextInt(6) == 0) {
      headers.add(header());
    }
    String method = random.nextInt(40) == 0 ? pick(List.of("PUT", "DELETE", "QUERY")) : "POST";
    headers.add("Content-Length: " + body.length);
    return new Request(
        RawConnection.head(method, String.join("\r\n", headers) + "\r\n"),
        new String(body, StandardCharsets.ISO_8859_1),
        random.nextInt(20) == 0);
  }

  private ObjectNode message(boolean modern) {
    ObjectNode message = NODES.objectNode().put("jsonrpc", "2.0");
    if (random.nextInt(6) != 0) {
      message.set("id", random.nextBoolean() ? NODES.numberNode(random.nextInt()) : value(1));
    }
    message.put("method", pick(METHODS));
    ObjectNode params = NODES.objectNode();
    params.put("name", random.nextBoolean() ? "inline_echo" : "quick");
    params.set("arguments", NODES.objectNode());
    if (random.nextBoolean()) {
      params.set(pick(KEYS), value(3));
    }
    if (modern) {
      ObjectNode meta = params.putObject("_meta");
      meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
      meta.putObject("io.modelcontextprotocol/clientCapabilities")
          .putObject("extensions")
          .putObject("io.modelcontextprotocol/tasks");
    }
    message.set("params", params);
    for (int i = random.nextInt(3); i > 0; i--) {
      mutate(message);
    }
    return message;
  }

  /** Replaces a random part by something else. */
  private void mutate(ObjectNode node) {
    ObjectNode at = node;
    while (random.nextBoolean()) {
      List<ObjectNode> below = new ArrayList<>();
      at.forEach(child -> {
        if (child instanceof ObjectNode object) {
          below.add(object);
        }
      });
      if (below.isEmpty()) {
        break;
      }
      at = pick(below);
    }
    List<String> names = new ArrayList<>(at.propertyNames());
    String name = names.isEmpty() || random.nextInt(4) == 0 ? pick(KEYS) : pick(names);
    if (random.nextInt(3) == 0) {
      at.remove(name);
    } else {
      at.set(name, value(4));
    }
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(300)));
      case 4 -> NODES.stringNode(pick(WORDS));
      case 5 -> NODES.stringNode(pick(METHODS));
      case 6 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(pick(KEYS), value(depth - 1));
        }
        yield object;
      }
    };
  }

  private List<String> headers(boolean modern, ObjectNode message) {
    List<String> headers = new ArrayList<>();
    headers.add("Content-Type: application/json");
    headers.add("Accept: application/json" + (random.nextInt(4) == 0 ? "" : ", text/event-stream"));
    if (modern) {
      headers.add("MCP-Protocol-Version: 2026-07-28");
      headers.add("Mcp-Method: " + plain(message.path("method")));
      headers.add("Mcp-Name: " + plain(message.path("params").path("name")));
    } else {
      headers.add("Mcp-Session-Id: " + (random.nextInt(5) == 0 ? "gone" : session));
    }
    return headers;
  }

  private String header() {
    String name =
        pick(
            List.of(
                "Mcp-Name",
                "Mcp-Param-Region",
                "Mcp-Session-Id",
                "Last-Event-ID",
                "MCP-Protocol-Version",
                "traceparent",
                "X-" + "y".repeat(random.nextInt(200))));
    byte[] value = new byte[random.nextInt(60)];
    random.nextBytes(value);
    return name + ": " + new String(value, StandardCharsets.ISO_8859_1).replaceAll("[\r\n]", " ");
  }

  private static String plain(JsonNode node) {
    return node.asString("").replaceAll("[^ -~]", "?");
  }

  private byte[] body(ObjectNode message) {
    byte[] body = Json.bytes(message);
    return switch (random.nextInt(12)) {
      case 0 -> java.util.Arrays.copyOf(body, random.nextInt(body.length));
      case 1 -> {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          body[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        yield body;
      }
      case 2 -> {
        byte[] noise = new byte[random.nextInt(2_000)];
        random.nextBytes(noise);
        yield noise;
      }
      case 3 -> nested(random.nextBoolean() ? "[" : "{\"a\":", random.nextInt(5_000));
      case 4 -> ("[" + message + "," + message + "]").getBytes(StandardCharsets.UTF_8);
      default -> body;
    };
  }

  private static byte[] nested(String open, int depth) {
    return open.repeat(depth).getBytes(StandardCharsets.UTF_8);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
