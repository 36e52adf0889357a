package dev.longhaul.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.Request.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@Timeout(120)
class StdioPeerTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Received OWN = new Received();
  private static Children children;
  private static StdioPeer peer;

  @BeforeAll
  static void start() throws InterruptedException {
    children = new Children(null);
    peer =
        peer(
            OWN,
            "MARK{\"jsonrpc\":\"2.0\",\"method\":\"first\"}",
            "Server 1.0",
            "",
            "[INFO] ready");
  }

  @AfterAll
  static void end() {
    peer.close();
    children.close();
  }

  private static StdioPeer peer(Receiver receiver, String... banners) throws InterruptedException {
    var command = new Connection.Command(OddServer.command(banners), Map.of(), null);
    return new StdioPeer(children.start("odd", command), new WireLimits(8 << 20, 2), receiver);
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Wire.read(text.getBytes(UTF_8));
  }

  private static Request request(String method, String params) {
    return request(method, params, Cancellation.NOTIFICATION, null);
  }

  private static Request request(
      String method, String params, Cancellation cancellation, @Nullable Duration limit) {
    return new Request(method, json(params), Map.of(), limit, cancellation);
  }

  private static CompletableFuture<ObjectNode> async(StdioPeer to, Request request) {
    var outcome = new CompletableFuture<ObjectNode>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(to.request(request, Receiver.NONE));
          } catch (InterruptedException | RuntimeException e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  @Test
  void aResultComesAsItWasSent() throws Exception {
    String params = "{\"z\":1.0,\"a\":[1234567890123456789012,0.10],\"s\":\"ä\\n𝄞\"}";
    assertThat(peer.request(request("echo", params), Receiver.NONE).toString()).isEqualTo(params);
  }

  @Test
  void anErrorOfTheUpstreamKeepsCodeMessageAndData() {
    var error =
        catchThrowableOfType(
            RpcErrorException.class, () -> peer.request(request("nothing", "{}"), Receiver.NONE));
    assertThat(error.code()).isEqualTo(-32601);
    assertThat(error).hasMessage("No such method");
    assertThat(String.valueOf(error.data())).isEqualTo("{\"n\":1.0}");
    assertThat(error.status()).isZero();
  }

  @Test
  void anErrorMayBeOdd() {
    var error =
        catchThrowableOfType(
            RpcErrorException.class,
            () ->
                peer.request(
                    request(
                        "say",
                        Wire.JSON
                            .createObjectNode()
                            .put(
                                "text",
                                "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"error\":{\"code\":1e999999999}}")
                            .toString()),
                    Receiver.NONE));
    assertThat(error.code()).isEqualTo(-32603);
  }

  @Test
  void eachOfManyRequestsAtOnceGetsItsOwnResponseInAnyOrder() throws Exception {
    var held = async(peer, request("hold", "{\"name\":\"many\"}"));
    List<CompletableFuture<ObjectNode>> others =
        IntStream.range(0, 200)
            .mapToObj(i -> async(peer, request("echo", "{\"i\":" + i + "}")))
            .toList();
    for (int i = 0; i < others.size(); i++) {
      assertThat(others.get(i).get(60, TimeUnit.SECONDS).path("i").intValue()).isEqualTo(i);
    }
    assertThat(held).isNotDone();
    peer.notify("release", json("{\"name\":\"many\"}"));
    assertThat(held.get(60, TimeUnit.SECONDS).path("name").stringValue()).isEqualTo("many");
  }

  @Test
  void progressGoesToItsRequestAndAllElseToThePeer() throws Exception {
    var own = new Received();
    peer.request(request("progress", "{\"_meta\":{\"progressToken\":\"t1\"}}"), own);
    assertThat(own.notifications)
        .containsExactly("notifications/progress{\"progressToken\":\"t1\",\"progress\":1.50}");
    assertThat(OWN.notifications)
        .contains(
            "notifications/progress{\"progressToken\":\"other\",\"progress\":2}",
            "notifications/message{\"level\":\"info\",\"data\":\"t1\"}");
  }

  @Test
  void aTokenIsFoundWhateverTypeItsNumberHas() throws Exception {
    var own = new Received();
    ObjectNode params = Wire.JSON.createObjectNode();
    params.putObject("_meta").put("progressToken", 7L);
    var request = new Request("progress", params, Map.of(), null, Cancellation.NOTIFICATION);
    peer.request(request, own);
    assertThat(own.notifications)
        .containsExactly("notifications/progress{\"progressToken\":7,\"progress\":1.50}");
  }

  @Test
  void aNotificationThatNamesARequestAsItsSubscriptionGoesToIt() throws Exception {
    var own = new Received();
    peer.request(
        request(
            "say",
            Wire.JSON
                .createObjectNode()
                .put(
                    "text",
                    "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":"
                        + "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":$ID}}},"
                        + "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":{}}]")
                .toString()),
        own);
    assertThat(own.events).containsExactly("notifications/tools/list_changed");
  }

  @Test
  void whatIsNoMessageOrAnswersNothingIsIgnored() throws Exception {
    assertThat(peer.request(request("lie", "{\"n\":1}"), Receiver.NONE).toString())
        .isEqualTo("{\"n\":1}");
    assertThat(peer.request(request("batch", "{\"n\":2}"), Receiver.NONE).toString())
        .isEqualTo("{\"n\":2}");
    assertThat(OWN.notifications)
        .contains("notifications/message{\"level\":\"info\",\"data\":\"b\"}");
    assertThat(OWN.notifications).contains("first{}");
    assertThat(peer.isOpen()).isTrue();
  }

  @Test
  void aResponseThatIsNoJsonRpcFailsItsRequest() {
    for (String response :
        List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":$ID}",
            "{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":7}",
            "{\"id\":$ID,\"result\":{}}")) {
      ObjectNode params = Wire.JSON.createObjectNode().put("text", response);
      assertThatThrownBy(() -> peer.request(request("say", params.toString()), Receiver.NONE))
          .isInstanceOf(UpstreamProtocolException.class)
          .hasMessageContaining("odd");
    }
  }

  @Test
  void requestsOfTheUpstreamAreAnswered() throws Exception {
    assertThat(answer("a1", "give").path("result").toString()).isEqualTo("{\"n\":1.0}");
    assertThat(answer("a2", "ping").path("result").toString()).isEqualTo("{}");
    assertThat(answer("a3", "fail").path("error").toString())
        .isEqualTo("{\"code\":-32042,\"message\":\"No\"}");
    assertThat(answer("a4", "unknown").path("error").path("code").intValue()).isEqualTo(-32601);
    assertThat(answer("a5", "break").path("error").toString())
        .isEqualTo("{\"code\":-32603,\"message\":\"Internal error\"}");
  }

  private static ObjectNode answer(String id, String method) throws InterruptedException {
    String params = "{\"name\":\"" + id + "\",\"method\":\"" + method + "\"}";
    return peer.request(request("ask", params), Receiver.NONE).withObject("answer");
  }

  @Test
  void anInterruptedRequestIsCancelledByItsId() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                peer.request(request("hold", "{\"name\":\"cancel\"}"), Receiver.NONE);
              } catch (InterruptedException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    // It has been sent when a later one has an answer.
    await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.WAITING);
    peer.request(request("echo", "{}"), Receiver.NONE);
    String before = cancelled();
    thread.interrupt();
    assertThat(interrupted.get(60, TimeUnit.SECONDS)).isFalse();
    await().atMost(LIMIT).until(() -> cancelled().length() > before.length());
  }

  private static String cancelled() throws InterruptedException {
    return peer.request(request("cancelled", "{}"), Receiver.NONE).toString();
  }

  @Test
  void aLimitEndsARequest() {
    var lost =
        catchThrowableOfType(
            UpstreamTimeoutException.class,
            () ->
                peer.request(
                    request(
                        "hold", "{\"name\":\"late\"}", Cancellation.NONE, Duration.ofMillis(50)),
                    Receiver.NONE));
    assertThat(lost.sent()).isTrue();
    assertThat(lost).hasMessageContaining("odd").hasMessageContaining("PT0.05S");
    assertThat(peer.isOpen()).isTrue();
  }

  @Test
  void theEndOfTheProcessFailsAllRequestsAndSaysWhy() throws Exception {
    var own = new Received();
    try (StdioPeer ending = peer(own)) {
      var held = async(ending, request("hold", "{\"name\":\"never\"}"));
      var exit = async(ending, request("exit", "{\"code\":7,\"text\":\"no database\"}"));
      for (var outcome : List.of(held, exit)) {
        assertThatThrownBy(() -> outcome.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOfSatisfying(
                UpstreamLostException.class, lost -> assertThat(lost.status()).isZero())
            .hasMessageContaining("exit code 7")
            .hasMessageContaining("no database");
      }
      assertThat(own.end.get(60, TimeUnit.SECONDS)).hasMessageContaining("exit code 7");
      assertThat(ending.isOpen()).isFalse();
      var late =
          catchThrowableOfType(
              UpstreamLostException.class,
              () -> ending.request(request("echo", "{}"), Receiver.NONE));
      assertThat(late.sent()).isFalse();
    }
  }

  @Test
  void requestsFailWhenNothingIsLeftOfTheProcess() throws Exception {
    var command =
        new Connection.Command(
            List.of("sh", "-c", "read x; exec 1>&-; sleep 1000"), Map.of(), null);
    try (var child = children.start("half", command)) {
      StdioPeer half = new StdioPeer(child, WireLimits.DEFAULT, Receiver.NONE);
      assertThatThrownBy(() -> half.request(request("echo", "{}"), Receiver.NONE))
          .isInstanceOf(UpstreamLostException.class)
          .hasMessageContaining("closed its standard output");
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void aFloodEndsTheConnection() throws Exception {
    var own = new Received();
    try (StdioPeer flooding = peer(own)) {
      assertThatThrownBy(() -> flooding.request(request("flood", "{}"), Receiver.NONE))
          .isInstanceOf(UpstreamProtocolException.class)
          .hasMessageContaining("odd")
          .hasMessageContaining("8388608");
      assertThat(own.end.get(60, TimeUnit.SECONDS)).isInstanceOf(UpstreamProtocolException.class);
    }
  }

  @Test
  void aProcessThatDoesNotReadBlocksNobodyForEver() throws Exception {
    try (StdioPeer deaf = peer(new Received())) {
      deaf.request(request("echo", "{}"), Receiver.NONE);
      deaf.notify("stop reading", json("{}"));
      String large = "{\"a\":\"" + "x".repeat(20 << 20) + "\"}";
      var first = new CompletableFuture<Throwable>();
      Thread thread =
          Thread.ofPlatform()
              .start(() ->
                  first.complete(
                      catchThrowableOfType(
                          Throwable.class,
                          () -> deaf.request(request("echo", large), Receiver.NONE))));
      await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.WAITING);
      var limit = Duration.ofMillis(200);
      var refused =
          catchThrowableOfType(
              UpstreamLostException.class,
              () ->
                  deaf.request(
                      request("echo", large, Cancellation.NOTIFICATION, limit), Receiver.NONE));
      assertThat(refused.sent()).isFalse();
      deaf.close();
      assertThat(first.get(60, TimeUnit.SECONDS)).isInstanceOf(UpstreamLostException.class);
    }
  }

  @Test
  void anErrorWithoutIdBelongsToTheFirstRequest() throws Exception {
    try (StdioPeer old = peer(new Received())) {
      String text =
          Wire.JSON
              .createObjectNode()
              .put(
                  "text",
                  "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"x\"}}")
              .toString();
      var error =
          catchThrowableOfType(
              RpcErrorException.class, () -> old.request(request("say", text), Receiver.NONE));
      assertThat(error.code()).isEqualTo(-32600);
    }
  }
}
