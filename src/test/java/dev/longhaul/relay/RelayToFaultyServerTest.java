package dev.longhaul.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay to a server that hangs, or answers what is no MCP. */
@Timeout(120)
class RelayToFaultyServerTest {
  private static final int LONGEST = 10_000;
  private static final String JSON = "application/json";
  private static final String STREAM = "text/event-stream";
  private static final String BEGUN =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\","
          + "\"capabilities\":{},\"serverInfo\":{\"name\":\"faulty\",\"version\":\"1\"}}}";

  /** What the server does with a message that is posted. */
  @FunctionalInterface
  private interface Behaviour {
    void serve(HttpExchange exchange, String message) throws IOException, InterruptedException;
  }

  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer http;
  private volatile Behaviour behaviour = (exchange, message) -> begin(exchange, message);

  /** What the server sends when a stream is resumed. */
  private volatile String resumed = "";

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/mcp", this::serve);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String message = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        try {
          behaviour.serve(exchange, message);
        } catch (InterruptedException e) {
          exchange.close();
        }
      }
      case "DELETE" -> {
        ended.countDown();
        answer(exchange, 200, JSON, "");
      }
      default -> {
        String event = resumed;
        if (exchange.getRequestHeaders().containsKey("Last-Event-ID")) {
          answer(exchange, 200, STREAM, event);
        } else {
          answer(exchange, 405, JSON, "");
        }
      }
    }
  }

  /** Begins a session, and accepts anything else. */
  private static void begin(HttpExchange exchange, String message) throws IOException {
    if (message.contains("\"initialize\"")) {
      exchange.getResponseHeaders().set("Mcp-Session-Id", "s");
      answer(exchange, 200, JSON, BEGUN);
    } else {
      answer(exchange, 202, JSON, "");
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private StdioClient client(Duration lastAnswers, Duration answer) {
    URI url = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
    return new StdioClient(
        new Server.Given(new Address(url, null)), new Relay.Limits(LONGEST, lastAnswers, answer));
  }

  private StdioClient client() {
    return client(Duration.ofMillis(200), Duration.ofSeconds(30));
  }

  @Test
  void theInputIsReadWhileInitializeHangsAndInitializeIsAnsweredInTime() {
    behaviour = (exchange, message) -> never.await();
    try (var client = client(Duration.ofMillis(200), Duration.ofSeconds(3))) {
      client.send("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}");
      client.send("Hello?");
      assertThat(client.next(message -> true).path("error").path("code").asInt()).isEqualTo(-32700);
      assertThat(client.response(0).path("error").path("message").asString())
          .contains("does not answer");
    }
  }

  @Test
  void anAnswerToInitializeThatStopsMidwayIsGivenUp() {
    behaviour =
        (exchange, message) -> {
          exchange.getResponseHeaders().set("Content-Type", STREAM);
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(": soon\n\n".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          never.await();
        };
    try (var client = client(Duration.ofMillis(200), Duration.ofSeconds(1))) {
      assertThat(client.initialize("{}").has("error")).isTrue();
    }
  }

  @Test
  void theRelayEndsWithItsInputWhileTheServerHangsInANotification() {
    CountDownLatch told = new CountDownLatch(1);
    behaviour =
        (exchange, message) -> {
          if (message.contains("notifications/initialized")) {
            told.countDown();
            never.await();
          }
          begin(exchange, message);
        };
    try (var client = client()) {
      assertThat(client.initialize("{}").has("result")).isTrue();
      assertThat(told).satisfies(latch -> assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue());
    } // which fails if the relay goes on
  }

  @Test
  void theEndOfTheInputWaitsForTheAnswersToABatch() {
    behaviour =
        (exchange, message) -> {
          if (message.startsWith("[")) {
            // The session must not end before; how long is waited for that only bounds the test.
            boolean tooEarly = ended.await(500, TimeUnit.MILLISECONDS);
            answer(
                exchange,
                200,
                JSON,
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"early\":" + tooEarly + "}}]");
          } else {
            begin(exchange, message);
          }
        };
    try (var client = client(Duration.ofSeconds(30), Duration.ofSeconds(30))) {
      client.initialize("{}");
      client.send("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]");
      client.endInput();
      assertThat(client.next(message -> message.isArray()).path(0).path("result").path("early"))
          .hasToString("false");
    }
  }

  @Test
  void anAnswerToInitializeThatIsNoMessageIsAnError() {
    for (String type : new String[] {JSON, STREAM}) {
      for (String body : new String[] {"{}", "Hello?"}) {
        behaviour =
            (exchange, message) ->
                answer(exchange, 200, type, type.equals(JSON) ? body : "data: " + body + "\n\n");
        try (var client = client()) {
          assertThat(client.initialize("{}").path("error").path("message").asString())
              .contains("no MCP response");
        }
      }
    }
  }

  @Test
  void aRequestWhoseResponseIsTooLongIsRefusedAndNotFetchedAgain() {
    String event =
        "id: 1\nretry: 100\ndata:\n\nid: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"of\":\""
            + "x".repeat(2 * LONGEST)
            + "\"}}\n\n";
    behaviour =
        (exchange, message) -> {
          if (message.contains("tools/")) {
            answer(exchange, 200, STREAM, event);
          } else {
            begin(exchange, message);
          }
        };
    resumed = event;
    try (var client = client()) {
      client.initialize("{}");
      client.legacy(1, "tools/list", "{}");
      assertThat(client.response(1).path("error").path("message").asString())
          .contains("longer than " + LONGEST);
      client.modern(2, "tools/list", "{}", "{}");
      assertThat(client.response(2).path("error").path("message").asString())
          .contains("longer than " + LONGEST);
    }
  }
}
