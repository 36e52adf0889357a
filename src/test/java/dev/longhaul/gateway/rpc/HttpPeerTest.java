package dev.longhaul.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.rpc.Request.Cancellation;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(120)
class HttpPeerTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static HttpConnections connections;
  private HttpUpstream upstream;
  private final List<Peer> peers = new ArrayList<>();

  @BeforeAll
  static void connect() {
    connections = new HttpConnections(ObservationRegistry.NOOP);
  }

  @AfterAll
  static void disconnect() {
    connections.close();
  }

  @BeforeEach
  void start() throws IOException {
    upstream = new HttpUpstream();
  }

  @AfterEach
  void end() {
    peers.forEach(Peer::close);
    upstream.close();
  }

  private HttpPeer peer(URI url) {
    return peer(url, RequestHeaders.NONE, Receiver.NONE);
  }

  private HttpPeer peer(URI url, RequestHeaders identity, Receiver receiver) {
    HttpPeer peer =
        new HttpPeer(connections, "web", url, identity, new WireLimits(1 << 20, 2), receiver);
    peers.add(peer);
    return peer;
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Wire.read(text.getBytes(UTF_8));
  }

  private static Request request(String method, String params) {
    return request(method, params, Map.of(), Cancellation.NOTIFICATION, null);
  }

  private static Request request(
      String method,
      String params,
      Map<String, String> headers,
      Cancellation cancellation,
      @Nullable Duration limit) {
    return new Request(method, json(params), headers, limit, cancellation);
  }

  private static ObjectNode call(HttpPeer peer) throws InterruptedException {
    return peer.request(request("echo", "{}"), Receiver.NONE);
  }

  private static UpstreamLostException lost(HttpPeer peer) {
    return catchThrowableOfType(UpstreamLostException.class, () -> call(peer));
  }

  @Test
  void aResultAsJsonComesAsItWasSent() throws Exception {
    URI url = upstream.on("/mcp", call -> call.result(call.message().path("params").toString()));
    String params = "{\"z\":1.0,\"a\":[1234567890123456789012,0.10]}";
    assertThat(peer(url).request(request("echo", params), Receiver.NONE).toString())
        .isEqualTo(params);
  }

  @Test
  void headersOfThePeerOfTheRequestAndOfTheCallerAreSent() throws Exception {
    List<String> seen = new ArrayList<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              for (String name :
                  List.of(
                      "Content-Type", "Accept", "MCP-Protocol-Version", "Mcp-Method", "X-Key")) {
                seen.add(call.header(name));
              }
              seen.add(call.header("Accept-Encoding"));
              call.result("{}");
            });
    HttpPeer peer = peer(url, RequestHeaders.of(Map.of("X-Key", "k")), Receiver.NONE);
    peer.headers(Map.of("MCP-Protocol-Version", "old", "Mcp-Method", "none"));
    peer.request(
        request("echo", "{}", Map.of("Mcp-Method", "echo"), Cancellation.CLOSE, null),
        Receiver.NONE);
    assertThat(seen)
        .containsExactly(
            "application/json", "application/json, text/event-stream", "old", "echo", "k", "null");
  }

  @Test
  void whatComesOnTheStreamBeforeTheResponseGoesToTheRequest() throws Exception {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.method().isEmpty()) {
                answers.add(call.message().toString());
                call.reply(202, "", "");
                return;
              }
              HttpUpstream.Events events = call.events();
              events.send(
                  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progress\":1.0}}");
              events.send("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"give\"}");
              String answer = answers.take();
              events.send("{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}");
              events.send(call.response(answer)).end();
            });
    var own = new Received();
    assertThat(peer(url).request(request("ask", "{}"), own).toString())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{\"n\":1.0}}");
    assertThat(own.notifications).containsExactly("notifications/progress{\"progress\":1.0}");
  }

  @Test
  void aRequestOfTheUpstreamEndsWithTheRequestThatItBelongsTo() throws Exception {
    var own = new Received();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              HttpUpstream.Events events = call.events();
              events.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
              assertThat(own.events.poll(1, TimeUnit.MINUTES)).isEqualTo("wait");
              events.send(call.response("{}")).end();
            });
    peer(url).request(request("ask", "{}"), own);
    assertThat(own.events.poll(1, TimeUnit.MINUTES)).isEqualTo("interrupted");
    assertThat(upstream.requests).hasSize(1);
  }

  @Test
  void connectionsAreUsedAgainAlsoAfterStreams() throws Exception {
    List<Integer> ports = new ArrayList<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              ports.add(call.exchange().getRemoteAddress().getPort());
              if (ports.size() % 2 == 0) {
                call.result("{}");
              } else {
                call.events().send(call.response("{}")).end();
              }
            });
    HttpPeer peer = peer(url);
    for (int i = 0; i < 20; i++) {
      call(peer);
    }
    // The rest of a stream is read in another thread, so some calls may need another connection.
    assertThat(ports.stream().distinct().count()).isLessThan(15);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptEndsARequestAtOnceAndCancelsIt(boolean platform) throws Exception {
    var arrived = new CountDownLatch(1);
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.method().equals("hold")) {
                call.events();
                arrived.countDown();
              } else {
                call.reply(202, "", "");
              }
            });
    HttpPeer peer = peer(url);
    var outcome = new CompletableFuture<Throwable>();
    Runnable work =
        () -> {
          try {
            peer.request(request("hold", "{}"), Receiver.NONE);
          } catch (InterruptedException | RuntimeException e) {
            outcome.complete(e);
          }
        };
    Thread thread = platform ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work);
    assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
    thread.interrupt();
    assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
    await()
        .atMost(LIMIT)
        .until(() ->
            upstream.requests.contains(
                "POST {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}"));
  }

  @Test
  void anInterruptBeforeTheResponseHasBegunEndsARequestToo() throws Exception {
    var arrived = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              arrived.countDown();
              leave.await();
            });
    HttpPeer peer = peer(url);
    var outcome = new CompletableFuture<Throwable>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                peer.request(
                    request("hold", "{}", Map.of(), Cancellation.CLOSE, null), Receiver.NONE);
              } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
              }
            });
    assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
    thread.interrupt();
    assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
    leave.countDown();
    assertThat(upstream.requests).hasSize(1);
  }

  @Test
  void aLimitEndsARequest() {
    URI url = upstream.on("/mcp", HttpUpstream.Call::events);
    HttpPeer peer = peer(url);
    var lost =
        catchThrowableOfType(
            UpstreamTimeoutException.class,
            () ->
                peer.request(
                    request("hold", "{}", Map.of(), Cancellation.NONE, Duration.ofMillis(100)),
                    Receiver.NONE));
    assertThat(lost.sent()).isTrue();
    assertThat(lost).hasMessageContaining("web").hasMessageContaining("PT0.1S");
  }

  @Test
  void closingEndsOpenRequests() throws Exception {
    var arrived = new CountDownLatch(1);
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              call.events();
              arrived.countDown();
            });
    HttpPeer peer = peer(url);
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .start(() -> outcome.complete(catchThrowableOfType(Throwable.class, () -> call(peer))));
    assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
    peer.close();
    assertThat(outcome.get(1, TimeUnit.MINUTES))
        .isInstanceOf(UpstreamLostException.class)
        .hasMessageContaining("closed");
    assertThat(peer.isOpen()).isFalse();
    assertThat(lost(peer).sent()).isFalse();
  }

  @Test
  void theSessionOfInitializeIsSentAndEnded() throws Exception {
    List<String> sessions = new ArrayList<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              sessions.add(call.http() + call.method() + "=" + call.header("Mcp-Session-Id"));
              if (call.method().equals("initialize")) {
                call.with("Mcp-Session-Id", "s" + sessions.size()).result("{}");
              } else if (call.method().startsWith("notifications")) {
                call.reply(202, "", "");
              } else {
                call.result("{}");
              }
            });
    HttpPeer peer = peer(url);
    Request initialize = request("initialize", "{}", Map.of(), Cancellation.NONE, null);
    peer.request(initialize, Receiver.NONE);
    peer.notify("notifications/initialized", json("{}"));
    call(peer);
    peer.request(initialize, Receiver.NONE);
    call(peer);
    peer.close();
    assertThat(sessions)
        .containsExactly(
            "POSTinitialize=null",
            "POSTnotifications/initialized=s1",
            "POSTecho=s1",
            "POSTinitialize=null",
            "POSTecho=s4",
            "DELETE=s4");
  }

  @ParameterizedTest
  @CsvSource({"404,false", "401,false", "403,false", "405,false", "503,true", "500,true"})
  void anotherStatusThanSuccessIsALoss(int status, boolean sent) {
    URI url = upstream.on("/mcp", call -> call.reply(status, "text/plain", "no"));
    var lost = lost(peer(url));
    assertThat(lost.status()).isEqualTo(status);
    assertThat(lost.sent()).isEqualTo(sent);
    assertThat(upstream.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 500, 501})
  void aJsonRpcErrorKeepsItsStatus(int status) {
    URI url =
        upstream.on(
            "/mcp",
            call ->
                call.reply(
                    status,
                    "application/json",
                    "{\"jsonrpc\":\"2.0\",\"id\":"
                        + (status < 500 ? "null" : "1")
                        + ",\"error\":{\"code\":-32022,\"message\":\"v\",\"data\":{\"supported\":[\"x\"]}}}"));
    HttpPeer peer = peer(url);
    var error = catchThrowableOfType(RpcErrorException.class, () -> call(peer));
    assertThat(error.code()).isEqualTo(-32022);
    assertThat(error.status()).isEqualTo(status == 200 ? 0 : status);
    assertThat(String.valueOf(error.data())).isEqualTo("{\"supported\":[\"x\"]}");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 502})
  void anErrorOfWhatIsInFrontOfTheServerIsALoss(int status) {
    URI url =
        upstream.on(
            "/mcp",
            call ->
                call.reply(
                    status,
                    "application/json",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"no\"}}"));
    assertThat(lost(peer(url)).status()).isEqualTo(status);
  }

  @Test
  void anAddressWhereNobodyListensGotNothing() throws Exception {
    URI url = upstream.url("/mcp");
    upstream.close();
    var lost = lost(peer(url));
    assertThat(lost.sent()).isFalse();
    assertThat(lost.status()).isZero();
    var unknown = lost(peer(URI.create("http://no-such-host.invalid/mcp")));
    assertThat(unknown.sent()).isFalse();
  }

  @Test
  void aConnectionThatEndsBeforeTheResponseMayHaveRun() {
    URI none = upstream.on("/none", call -> call.exchange().close());
    URI half = upstream.on("/half", call -> call.events().end());
    assertThat(lost(peer(none)).sent()).isTrue();
    assertThat(lost(peer(half)).sent()).isTrue();
    assertThat(upstream.requests.stream().filter(r -> r.contains("echo"))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "200,text/html,<html>",
    "200,application/json,{broken",
    "200,application/json,{}",
    "202,'',''",
    "200,application/json,'{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}'",
    "200,application/json,'{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}'"
  })
  void whatIsNoResponseIsRefused(int status, String type, String body) {
    HttpPeer peer = peer(upstream.on("/mcp", call -> call.reply(status, type, body)));
    assertThatThrownBy(() -> call(peer))
        .isInstanceOf(UpstreamProtocolException.class)
        .hasMessageContaining("web");
  }

  @Test
  void aFloodIsCutOff() {
    String large = "\"" + "x".repeat(2 << 20) + "\"";
    HttpPeer json = peer(upstream.on("/json", call -> call.result("{\"a\":" + large + "}")));
    HttpPeer events =
        peer(upstream.on("/events", call -> call.events().send("{\"a\":" + large + "}").end()));
    assertThatThrownBy(() -> call(json))
        .isInstanceOf(UpstreamProtocolException.class)
        .hasMessageContaining("1048576");
    assertThatThrownBy(() -> call(events))
        .isInstanceOf(UpstreamProtocolException.class)
        .hasMessageContaining("web")
        .hasMessageContaining("1048576");
  }

  @Test
  void aCompressedResponseIsRefused() {
    URI url = upstream.on("/mcp", call -> call.with("Content-Encoding", "gzip").result("{}"));
    HttpPeer peer = peer(url);
    assertThatThrownBy(() -> call(peer))
        .isInstanceOf(UpstreamProtocolException.class)
        .hasMessageContaining("compressed");
  }

  @Test
  void aStreamThatEndsEarlyIsContinuedWhereItHasIds() throws Exception {
    List<String> resumed = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.http().equals("POST")) {
                ids.add(call.message().path("id").toString());
                call.events().raw("id: e1\nretry: 10\ndata:\n\n").end();
                return;
              }
              resumed.add(call.header("Last-Event-ID"));
              switch (resumed.size()) {
                case 1 -> call.reply(503, "", "");
                case 2 ->
                    call.events()
                        .raw(
                            "id: e2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n")
                        .end();
                default ->
                    call.events()
                        .send(
                            "{\"jsonrpc\":\"2.0\",\"id\":"
                                + ids.getFirst()
                                + ",\"result\":{\"n\":1}}")
                        .end();
              }
            });
    var own = new Received();
    assertThat(peer(url).request(request("slow", "{}"), own).toString()).isEqualTo("{\"n\":1}");
    assertThat(resumed).containsExactly("e1", "e1", "e2");
    assertThat(own.notifications).containsExactly("notifications/message{}");
  }

  @Test
  void aRedirectIsFollowedOnlyWithinTheOriginAndWithTheSameMethod() throws Exception {
    URI end = upstream.on("/end", call -> call.result(call.message().path("params").toString()));
    HttpPeer kept =
        peer(upstream.on("/kept", call -> call.with("Location", "/end").reply(307, "", "")));
    HttpPeer changed =
        peer(upstream.on("/changed", call -> call.with("Location", "/end").reply(302, "", "")));
    String elsewhere = end.toString().replace("127.0.0.1", "localhost") + "?token=secret";
    HttpPeer away =
        peer(upstream.on("/away", call -> call.with("Location", elsewhere).reply(308, "", "")));
    HttpPeer loop =
        peer(upstream.on("/loop", call -> call.with("Location", "/loop").reply(307, "", "")));
    assertThat(kept.request(request("echo", "{\"a\":1}"), Receiver.NONE).toString())
        .isEqualTo("{\"a\":1}");
    assertThat(lost(changed).status()).isEqualTo(302);
    assertThat(lost(away)).hasMessageContaining("localhost").hasMessageNotContaining("secret");
    assertThat(lost(loop)).hasMessageContaining("5 times");
  }

  @Test
  void aRefusedCallerGetsOneChanceWithOtherHeaders() throws Exception {
    List<String> challenges = new ArrayList<>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.header("Authorization").equals("Bearer new")) {
                call.result("{}");
              } else {
                call.with("WWW-Authenticate", "Bearer error=\"invalid_token\"").reply(401, "", "");
              }
            });
    RequestHeaders renewing =
        challenge -> {
          challenges.add(String.valueOf(challenge));
          return Map.of("Authorization", challenge == null ? "Bearer old" : "Bearer new");
        };
    call(peer(url, renewing, Receiver.NONE));
    assertThat(challenges).containsExactly("null", "Bearer error=\"invalid_token\"");
    HttpPeer fixed = peer(url, RequestHeaders.of(Map.of("Authorization", "x")), Receiver.NONE);
    assertThat(lost(fixed).status()).isEqualTo(401);
    assertThat(upstream.requests).hasSize(3);
  }

  @Test
  void aRefusalIsClosedIfOtherHeadersCannotBeHad() throws Exception {
    var closed = new CountDownLatch(1);
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (!call.method().equals("echo")) { // its cancellation
                call.reply(202, "", "");
                return;
              }
              call.exchange().sendResponseHeaders(401, 0);
              try (var out = call.exchange().getResponseBody()) {
                while (true) {
                  out.write(new byte[8192]);
                }
              } catch (IOException e) {
                closed.countDown();
              }
            });
    RequestHeaders away =
        challenge -> {
          if (challenge != null) {
            throw new UpstreamLostException("The token endpoint is away.", false, 0, null);
          }
          return Map.of("Authorization", "Bearer old");
        };
    assertThat(lost(peer(url, away, Receiver.NONE))).hasMessageContaining("token endpoint");
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theStandaloneStreamIsListenedToAndConnectedAgain() throws Exception {
    List<String> ids = new ArrayList<>();
    var answers = new LinkedBlockingQueue<String>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.http().equals("POST")) {
                answers.add(call.message().toString());
                call.reply(202, "", "");
                return;
              }
              ids.add(call.header("Last-Event-ID"));
              HttpUpstream.Events events = call.events();
              events.raw(
                  "retry: 10\nid: e"
                      + ids.size()
                      + "\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/n"
                      + ids.size()
                      + "\"}\n\n");
              if (ids.size() < 3) {
                events.end();
              } else {
                events.send("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}");
              }
            });
    var own = new Received();
    HttpPeer peer = peer(url, RequestHeaders.NONE, own);
    peer.listen();
    peer.listen();
    for (int i = 1; i <= 3; i++) {
      assertThat(own.events.poll(1, TimeUnit.MINUTES)).isEqualTo("notifications/n" + i);
    }
    assertThat(answers.poll(1, TimeUnit.MINUTES))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}");
    assertThat(ids).containsExactly("null", "e1", "e2");
  }

  @Test
  void aNewSessionHasAStandaloneStreamOfItsOwn() throws Exception {
    var streams = new LinkedBlockingQueue<String>();
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              if (call.method().equals("initialize")) {
                call.with("Mcp-Session-Id", "s" + call.message().path("id")).result("{}");
              } else if (call.http().equals("GET")) {
                call.events();
                streams.add(call.header("Mcp-Session-Id"));
              } else {
                call.reply(200, "", "");
              }
            });
    HttpPeer peer = peer(url);
    Request initialize = request("initialize", "{}", Map.of(), Cancellation.NONE, null);
    for (String session : List.of("s1", "s2")) {
      peer.request(initialize, Receiver.NONE);
      peer.listen();
      peer.listen();
      assertThat(streams.poll(1, TimeUnit.MINUTES)).isEqualTo(session);
    }
    assertThat(streams).isEmpty();
  }

  @Test
  void anUpstreamWithoutStandaloneStreamIsNotAskedAgain() throws Exception {
    var asked = new CountDownLatch(1);
    URI url =
        upstream.on(
            "/mcp",
            call -> {
              call.reply(405, "", "");
              asked.countDown();
            });
    HttpPeer peer = peer(url);
    peer.listen();
    assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(peer.isOpen()).isTrue();
  }

  @Test
  void aNotificationThatIsRefusedIsALoss() {
    HttpPeer peer = peer(upstream.on("/mcp", call -> call.reply(404, "", "")));
    var lost =
        catchThrowableOfType(
            UpstreamLostException.class, () -> peer.notify("notifications/x", json("{}")));
    assertThat(lost.status()).isEqualTo(404);
  }
}
