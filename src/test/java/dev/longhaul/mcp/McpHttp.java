package dev.longhaul.mcp;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.RawConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP client for the MCP endpoint that can also send invalid requests. */
final class McpHttp {
  static final String MODERN = "2026-07-28";
  static final String P = "io.modelcontextprotocol/";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI uri;

  McpHttp(int port) {
    this(URI.create("http://127.0.0.1:" + port + "/mcp"));
  }

  private McpHttp(URI uri) {
    this.uri = uri;
  }

  /** A client for another path of the same server. */
  McpHttp at(String path) {
    return new McpHttp(uri.resolve(path));
  }

  /** A valid modern request. */
  Builder modern(String method, ObjectNode params) {
    return modern(IntNode.valueOf(1), method, params);
  }

  /** A valid modern request with this id. */
  Builder modern(JsonNode id, String method, ObjectNode params) {
    ObjectNode meta =
        params.get("_meta") instanceof ObjectNode given ? given : params.putObject("_meta");
    meta.put(P + "protocolVersion", MODERN);
    if (!meta.has(P + "clientCapabilities")) {
      meta.putObject(P + "clientCapabilities");
    }
    Builder builder =
        new Builder(request(id, method, params))
            .header("MCP-Protocol-Version", MODERN)
            .header("Mcp-Method", method);
    String field =
        method.startsWith("tasks/") ? "taskId" : method.equals("resources/read") ? "uri" : "name";
    JsonNode name = params.get(field);
    return name != null && name.isString() ? builder.header("Mcp-Name", name.asString()) : builder;
  }

  Builder modernCall(String tool, String arguments) {
    return modern("tools/call", callParams(tool, arguments));
  }

  /** A modern tools/call with the tasks extension declared. */
  Builder modernTaskCall(String tool) {
    return modern("tools/call", declaringTasks(callParams(tool, "{}")));
  }

  Builder modernTask(String method, String taskId) {
    return modern(method, declaringTasks(Replies.object().put("taskId", taskId)));
  }

  static ObjectNode declaringTasks(ObjectNode params) {
    ObjectNode meta = params.putObject("_meta");
    meta.putObject(P + "clientCapabilities").putObject("extensions").putObject(P + "tasks");
    return params;
  }

  static ObjectNode callParams(String tool, String arguments) {
    ObjectNode params = Replies.object().put("name", tool);
    params.set("arguments", Json.tree(arguments));
    return params;
  }

  /** Begins a session and returns its id. */
  String initialize(String version, String clientName) {
    return initialize(version, clientName, "{}");
  }

  /** Begins a session of a client with capabilities and returns its id. */
  String initialize(String version, String clientName, String capabilities) {
    ObjectNode params = Replies.object().put("protocolVersion", version);
    params.set("capabilities", Json.tree(capabilities));
    params.putObject("clientInfo").put("name", clientName).put("version", "1");
    return raw(request(0, "initialize", params).toString())
        .send()
        .response
        .headers()
        .firstValue("Mcp-Session-Id")
        .orElseThrow();
  }

  Builder legacy(String session, String method, ObjectNode params) {
    return new Builder(request(1, method, params)).header("Mcp-Session-Id", session);
  }

  /** Opens the push stream of a session, or resumes a stream after an event. */
  Stream listen(String session, @Nullable String lastEventId) {
    Builder get =
        raw("").method("GET").header("Mcp-Session-Id", session).header("Content-Type", null);
    return (lastEventId == null ? get : get.header("Last-Event-ID", lastEventId)).open();
  }

  Builder raw(String body) {
    return new Builder(body.getBytes(StandardCharsets.UTF_8));
  }

  Builder raw(byte[] body) {
    return new Builder(body);
  }

  static ObjectNode request(int id, String method, ObjectNode params) {
    return request(IntNode.valueOf(id), method, params);
  }

  static ObjectNode request(JsonNode id, String method, ObjectNode params) {
    ObjectNode message = Replies.object().put("jsonrpc", "2.0");
    message.set("id", id);
    message.put("method", method).set("params", params);
    return message;
  }

  final class Builder {
    private final byte[] body;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String method = "POST";

    Builder(ObjectNode body) {
      this(Json.bytes(body));
    }

    Builder(byte[] body) {
      this.body = body;
      headers.put("Content-Type", "application/json");
      headers.put("Accept", "application/json, text/event-stream");
    }

    Builder header(String name, @Nullable String value) {
      if (value == null) {
        headers.remove(name);
      } else {
        headers.put(name, value);
      }
      return this;
    }

    Builder method(String other) {
      method = other;
      return this;
    }

    /** Sends the request and reads the whole response. */
    Answer send() {
      try {
        HttpResponse<InputStream> response = client.send(build(), BodyHandlers.ofInputStream());
        String text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(response, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Sends the request; the body of the response is read as a stream. */
    Stream open() {
      try {
        return new Stream(client.send(build(), BodyHandlers.ofInputStream()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /**
     * Sends the request over a separate connection, which is closed without delay; Java's client
     * may leave one open until much later.
     */
    RawConnection openRaw() throws IOException {
      String[] own =
          headers.entrySet().stream()
              .filter(header -> !Set.of("Content-Type", "Accept").contains(header.getKey()))
              .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
              .toArray(String[]::new);
      return new RawConnection(uri.getPort()).post(uri.getPath(), body, own);
    }

    private HttpRequest build() {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofByteArray(body));
      headers.forEach(request::header);
      return request.build();
    }
  }

  /** A whole response. */
  static final class Answer {
    final HttpResponse<InputStream> response;
    final String text;

    Answer(HttpResponse<InputStream> response, String text) {
      this.response = response;
      this.text = text;
    }

    int status() {
      return response.statusCode();
    }

    String type() {
      return response.headers().firstValue("Content-Type").orElse("");
    }

    /** The JSON-RPC response; on a slow machine it may be the last event of a stream. */
    JsonNode json() {
      if (!type().startsWith("text/event-stream")) {
        return Json.tree(text);
      }
      String data =
          text.lines()
              .filter(line -> line.startsWith("data: "))
              .reduce((_, later) -> later)
              .orElseThrow();
      return Json.tree(data.substring("data: ".length()));
    }

    JsonNode result() {
      return json().path("result");
    }

    int code() {
      return json().path("error").path("code").asInt();
    }
  }

  /** A server-sent event; absent fields are empty. */
  record Event(String id, String name, String retry, String data) {
    JsonNode json() {
      return Json.tree(data);
    }
  }

  /** An event stream that is still being written. */
  static final class Stream implements AutoCloseable {
    final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Stream(HttpResponse<InputStream> response) {
      this.response = response;
      this.lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next message, or null at the end of the stream. */
    @Nullable JsonNode next() {
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          // An event without data only gives an id to resume from.
          if (line.startsWith("data: ") && line.length() > "data: ".length()) {
            return Json.tree(line.substring("data: ".length()));
          }
        }
        return null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Reads the next event, without comments. */
    Event event() {
      return eventOrEnd().orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    /** Whether the stream has ended. */
    boolean ended() {
      var next = eventOrEnd();
      next.ifPresent(event -> {
        throw new AssertionError("not the end but " + event);
      });
      return true;
    }

    private Optional<Event> eventOrEnd() {
      Map<String, String> fields = new LinkedHashMap<>();
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty() && !fields.isEmpty()) {
            return Optional.of(
                new Event(
                    fields.getOrDefault("id", ""),
                    fields.getOrDefault("event", ""),
                    fields.getOrDefault("retry", ""),
                    fields.getOrDefault("data", "")));
          }
          int colon = line.indexOf(": ");
          if (colon > 0) {
            fields.put(line.substring(0, colon), line.substring(colon + 2));
          }
        }
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String line() {
      try {
        return String.valueOf(lines.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        response.body().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
