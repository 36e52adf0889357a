package dev.longhaul.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** An HTTP server whose paths answer as a test says. */
final class HttpUpstream implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What came, as "METHOD body". */
  final List<String> requests = new CopyOnWriteArrayList<>();

  HttpUpstream() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  /** Answers a request whose body is JSON, or missing. */
  @FunctionalInterface
  interface Handler {
    void handle(Call call) throws Exception;
  }

  /** A request. */
  record Call(HttpExchange exchange, JsonNode message) {
    String http() {
      return exchange.getRequestMethod();
    }

    String method() {
      return message.path("method").asString("");
    }

    String header(String name) {
      return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    Call with(String name, String value) {
      exchange.getResponseHeaders().add(name, value);
      return this;
    }

    void reply(int status, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      if (!type.isEmpty()) {
        exchange.getResponseHeaders().set("Content-Type", type);
      }
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    void result(String result) throws IOException {
      reply(200, "application/json; charset=utf-8", response(result));
    }

    String response(String result) {
      return "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}";
    }

    /** Begins a stream of events. */
    Events events() throws IOException {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      Events events = new Events(exchange, exchange.getResponseBody());
      events.raw(": hello\n\n");
      return events;
    }
  }

  /** A stream of events. */
  record Events(HttpExchange exchange, OutputStream out) {
    Events raw(String text) throws IOException {
      out.write(text.getBytes(UTF_8));
      out.flush();
      return this;
    }

    Events send(String data) throws IOException {
      return raw("data: " + data + "\n\n");
    }

    void end() {
      exchange.close();
    }
  }

  /** Answers on a path. */
  URI on(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          requests.add(exchange.getRequestMethod() + " " + new String(body, UTF_8));
          try {
            handler.handle(
                new Call(exchange, body.length == 0 ? Wire.JSON.nullNode() : Wire.read(body)));
          } catch (Exception e) {
            exchange.close();
          }
        });
    return url(path);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
