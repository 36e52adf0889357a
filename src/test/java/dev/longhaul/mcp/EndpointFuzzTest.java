package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.modern.ListenStreams;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/**
 * For any input the response has a status below 500 and no stack trace, and nothing hangs or leaks.
 * {@code -Dlonghaul.fuzz.requests=100000} for a long run, {@code -Dlonghaul.fuzz.seed=…} to repeat.
 */
@TestPropertySource(properties = "server.tomcat.connection-timeout=2s")
class EndpointFuzzTest extends McpTest {
  private static final Logger log = LoggerFactory.getLogger(EndpointFuzzTest.class);
  private static final int REQUESTS = Integer.getInteger("longhaul.fuzz.requests", 1_500);
  private static final int CLIENTS = 8;
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  @LocalServerPort private int port;
  @Autowired private OpenCalls openCalls;
  @Autowired private ListenStreams streams;

  @AfterEach
  void nothingIsLeftBehind() {
    await().atMost(Duration.ofSeconds(60)).until(() -> openCalls.size() == 0);
    await().atMost(Duration.ofSeconds(60)).until(() -> streams.size() == 0);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> LiveThreads.within(McpServlet.class) == 0);
  }

  @Test
  void theThreadsOfRequestsCanBeCounted() {
    try (var stream = http.modernCall("slow", "{}").open()) {
      assertThat(stream.line()).isEqualTo(":");
      assertThat(LiveThreads.within(McpServlet.class)).isPositive();
    }
  }

  @Test
  void whateverIsSentIsAnsweredBelow500() throws Exception {
    long seed = Long.getLong("longhaul.fuzz.seed", System.nanoTime());
    log.info("Fuzz of the endpoint: {} requests, -Dlonghaul.fuzz.seed={}", REQUESTS, seed);
    String session = http.initialize("2025-11-25", "fuzz");
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        var requests = new FuzzRequests(new Random(seed + client), session);
        running.add(
            clients.submit(() -> {
              for (int i = 0; i < REQUESTS / CLIENTS; i++) {
                check(seed, requests.next());
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    stillServes();
  }

  private void check(long seed, FuzzRequests.Request request) throws IOException {
    try (RawConnection http = new RawConnection(port)) {
      try {
        http.send(request.head()).send(request.body());
      } catch (IOException e) {
        // Refused by the head alone; the answer may still be read.
      }
      if (request.abort()) {
        http.abort();
        return;
      }
      RawConnection.Answer answer = http.answer();
      String what = "seed " + seed + ": " + request.head() + request.body();
      assertThat(answer.status()).as(what).isLessThan(500);
      assertThat(answer.text())
          .as(what)
          .doesNotContain("\tat ")
          .doesNotContain("Exception")
          .doesNotContain("dev.longhaul.mcp.");
    }
  }

  @Test
  void aBodyThatComesByteByByteHoldsUpNobody() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        slow.add(new RawConnection(port).send(post(PING.length()) + PING.substring(0, 5)));
      }
      stillServes();
      for (RawConnection one : slow.subList(0, 10)) {
        for (byte b : PING.substring(5).getBytes(StandardCharsets.US_ASCII)) {
          one.send(new byte[] {b});
        }
        assertThat(one.answer().status()).isEqualTo(400);
      }
      // The rest is never sent: the container responds with 408 when its time-out is over.
      for (RawConnection one : slow.subList(10, slow.size())) {
        assertThat(one.answer().status()).isEqualTo(408);
      }
      stillServes();
    } finally {
      for (RawConnection one : slow) {
        one.close();
      }
    }
  }

  @Test
  void aBodyThatIsBrokenOffIsForgotten() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (RawConnection http = new RawConnection(port)) {
        http.send(post(PING.length()) + PING.substring(0, 10)).abort();
      }
    }
    stillServes();
  }

  @Test
  void aLengthThatLiesIsRefusedOrCutOff() throws Exception {
    assertThat(once(post(70_000)).status()).isEqualTo(413);
    assertThat(once(post(Long.MAX_VALUE)).status()).isEqualTo(413);
    assertThat(once(post(5) + PING).status()).isEqualTo(400);
    String chunked = JSON + "Transfer-Encoding: chunked\r\n";
    assertThat(once(RawConnection.head("POST", chunked) + "zz\r\n{}\r\n0\r\n\r\n").status())
        .isEqualTo(400);
    String many = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
    assertThat(once(RawConnection.head("POST", chunked) + many.repeat(17) + "0\r\n\r\n").status())
        .isEqualTo(413);
  }

  @Test
  void methodsThatAreNotServedAre405() throws Exception {
    for (String method : List.of("PUT", "PATCH", "HEAD", "TRACE", "BREW")) {
      assertThat(once(RawConnection.head(method, "Content-Length: 0\r\n")).status())
          .as(method)
          .isEqualTo(405);
    }
  }

  @Test
  void d11_charactersBeyondVisibleAsciiInAHeaderAreRefused() throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"inline_echo\","
            + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    String headers =
        JSON
            + "Accept: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\n"
            + "Mcp-Method: tools/call\r\nContent-Length: "
            + body.length()
            + "\r\nMcp-Name: ";
    assertThat(once(RawConnection.head("POST", headers + "inline_echo\r\n") + body).status())
        .isEqualTo(200);
    for (String bad : List.of("inline_\u00e9cho", "inline_echo\u0001")) {
      RawConnection.Answer answer = once(RawConnection.head("POST", headers + bad + "\r\n") + body);
      assertThat(answer.status()).isEqualTo(400);
    }
  }

  private RawConnection.Answer once(String request) throws IOException {
    try (RawConnection http = new RawConnection(port)) {
      try {
        http.send(request);
      } catch (IOException e) {
        // Refused before everything was sent; the answer may still be read.
      }
      return http.answer();
    }
  }

  private static String post(long length) {
    return RawConnection.head("POST", JSON + "Content-Length: " + length + "\r\n");
  }

  private void stillServes() {
    assertThat(http.modern("server/discover", Replies.object()).send().status()).isEqualTo(200);
  }
}
