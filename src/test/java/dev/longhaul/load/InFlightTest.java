package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The limits of requests in progress, on every front door of the whole application. */
@SpringBootTest(
    classes = {LonghaulApplication.class, InFlightTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.mcp.max-result-size=10MB",
      "longhaul.http.in-flight.max-bytes=4MB",
      "longhaul.http.in-flight.receive-timeout=3s",
      "longhaul.http.in-flight.write-timeout=1s",
      "longhaul.http.in-flight.max-calls-per-caller=3",
      "longhaul.http.in-flight.max-connections-per-address=4",
      "longhaul.http.in-flight.trusted-proxies=127.0.0.1",
      "longhaul.tools.wait_here.execution=inline",
      "longhaul.tools.much_text.execution=inline",
      "server.tomcat.connection-timeout=2s",
      "server.compression.enabled=false"
    })
@DirtiesContext
class InFlightTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @LocalServerPort private int port;
  @Autowired private ByteBudget budget;
  @Autowired private CallLimit calls;
  @Autowired private Waiting waiting;
  private final HttpClient client = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static final class Waiting {
    private final Semaphore entered = new Semaphore(0);
    private volatile CountDownLatch leave = new CountDownLatch(1);

    @McpTool(name = "wait_here", description = "Waits for the test.")
    String waitHere() throws InterruptedException {
      entered.release();
      if (!leave.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the test forgot the tool");
      }
      return "done";
    }

    @McpTool(name = "much_text", description = "Says much.")
    String muchText(int characters) {
      return "x".repeat(characters);
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Waiting waiting() {
      return new Waiting();
    }
  }

  @AfterEach
  void nothingIsLeftBehind() {
    waiting.leave.countDown();
    client.close();
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(budget.used()).isZero();
          assertThat(calls.callers()).isZero();
        });
    waiting.leave = new CountDownLatch(1);
    waiting.entered.drainPermits();
  }

  @ParameterizedTest
  @CsvSource({"/mcp,-31007", "/api/v1/jobs,overloaded", "/api/v1/execute,overloaded"})
  void beyondTheBudgetEveryDoorAnswers503WithRetryAfter(String path, String code) throws Exception {
    try (Socket slow = half("/mcp", 600_000)) {
      await().atMost(LIMIT).until(() -> budget.used() > 3_500_000);
      HttpResponse<String> answer = post(path, "{\"a\":\"" + "x".repeat(200_000) + "\"}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).contains(path.endsWith("execute") ? "error" : code);
      assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatWouldNeverFitIsTooLarge() throws Exception {
    assertThat(post("/api/v1/jobs", "[" + "{},".repeat(50_000) + "1]").statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({"/mcp", "/api/v1/jobs", "/api/v1/execute", "/messages?sessionId=none"})
  void aBodyThatDripsIsEndedWith408(String path) throws Exception {
    try (Socket slow = half(path, 1_000)) {
      assertThat(drip(slow)).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void whoDoesNotReadALargeResultLosesItsConnection() throws Exception {
    String call = call("much_text", "{\"characters\": 8000000}");
    try (var deaf = new Socket()) {
      deaf.setReceiveBufferSize(4_096);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      deaf.getOutputStream()
          .write((head("/mcp", call.length()) + call).getBytes(StandardCharsets.UTF_8));
      await().atMost(LIMIT).until(() -> budget.used() > 8_000_000);
      // The client does not read, but its memory is released.
      await().atMost(LIMIT).until(() -> budget.used() == 0);
    }
  }

  @Test
  void aCallerHasNoMoreCallsInExecutionThanItMay() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      running.add(
          client.sendAsync(
              request("/mcp", call("wait_here", "{}"), "10.0.0." + i), BodyHandlers.ofString()));
    }
    assertThat(waiting.entered.tryAcquire(3, 2, TimeUnit.MINUTES)).isTrue();
    HttpResponse<String> refused = post("/mcp", call("wait_here", "{}"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(refused.body()).contains("-31007").contains("retryAfterSeconds");
    HttpResponse<String> overRest = get("/api/v1/tools");
    assertThat(overRest.statusCode()).isEqualTo(429);
    assertThat(overRest.headers().firstValue("Retry-After")).isPresent();
    assertThat(overRest.body()).contains("too-many-calls");
    waiting.leave.countDown();
    for (var call : running) {
      assertThat(call.get(2, TimeUnit.MINUTES).body()).contains("done");
    }
    assertThat(get("/api/v1/tools").statusCode()).isEqualTo(200);
  }

  @Test
  void eachCallOfABatchCounts() throws Exception {
    String session =
        client
            .send(
                plain(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                            + "{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{},"
                            + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}")
                    .build(),
                BodyHandlers.ofString())
            .headers()
            .firstValue("Mcp-Session-Id")
            .orElseThrow();
    for (int i = 0; i < 2; i++) {
      var _ =
          client.sendAsync(
              request("/mcp", call("wait_here", "{}"), "10.0.0.1"), BodyHandlers.discarding());
    }
    assertThat(waiting.entered.tryAcquire(2, 2, TimeUnit.MINUTES)).isTrue();
    String one =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":"
            + "{\"name\":\"wait_here\",\"arguments\":{}}}";
    long before = calls.refused();
    String batch =
        "[" + String.join(",", IntStream.range(0, 3).mapToObj(one::formatted).toList()) + "]";
    var answer =
        client.sendAsync(
            plain("/mcp", batch).header("Mcp-Session-Id", session).build(),
            BodyHandlers.ofString());
    // One of the three is accepted; the others are refused before it ends.
    assertThat(waiting.entered.tryAcquire(1, 2, TimeUnit.MINUTES)).isTrue();
    assertThat(post("/mcp", call("wait_here", "{}")).statusCode()).isEqualTo(429);
    await().atMost(LIMIT).until(() -> calls.refused() >= before + 3);
    waiting.leave.countDown();
    assertThat(answer.get(2, TimeUnit.MINUTES).body().split("-31007", -1)).hasSize(3);
  }

  @Test
  void anAddressHasNoMoreConnectionsThanItMay() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        open.add(half("/mcp", 10, "203.0.113.5"));
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> {
            HttpResponse<String> refused = from("203.0.113.5");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
          });
      assertThat(from("203.0.113.6").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    await().atMost(LIMIT).until(() -> from("203.0.113.5").statusCode() == 200);
  }

  private HttpResponse<String> from(String address) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/api/v1/tools")).header("X-Forwarded-For", address).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(path, body, "192.0.2.1"), BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body, String address) {
    HttpRequest.Builder request = plain(path, body).header("X-Forwarded-For", address);
    if (path.equals("/mcp")) {
      request
          .header("MCP-Protocol-Version", "2026-07-28")
          .header("Mcp-Method", "tools/call")
          .header("Mcp-Name", "wait_here");
    }
    return request.build();
  }

  private HttpRequest.Builder plain(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofString(body));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String call(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
  }

  private Socket half(String path, int sent) throws IOException {
    return half(path, sent, "192.0.2.2");
  }

  /** A request that promises a longer body than it sends. */
  private Socket half(String path, int sent, String address) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String head =
        head(path, sent + 100_000)
            .replace("\r\n\r\n", "\r\nX-Forwarded-For: " + address + "\r\n\r\n");
    socket
        .getOutputStream()
        .write((head + "\"" + "x".repeat(sent)).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static String head(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Accept: application/json, text/event-stream\r\n"
        + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: much_text\r\n"
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }

  /** Sends byte by byte until there is a response, and returns its first bytes. */
  private static String drip(Socket socket) throws IOException {
    socket.setSoTimeout(200);
    InputStream in = socket.getInputStream();
    byte[] answer = new byte[100];
    for (int i = 0; i < 1_000; i++) {
      try {
        int read = in.readNBytes(answer, 0, 12);
        return new String(answer, 0, read, StandardCharsets.US_ASCII);
      } catch (SocketTimeoutException e) {
        socket.getOutputStream().write('x');
      }
    }
    throw new IOException("no answer to " + socket);
  }
}
