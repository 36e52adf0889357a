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
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@Timeout(120)
class SsePeerTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static HttpConnections connections;
  private HttpUpstream upstream;
  private final BlockingQueue<HttpUpstream.Events> streams = new LinkedBlockingQueue<>();
  private final BlockingQueue<HttpUpstream.Call> posts = new LinkedBlockingQueue<>();
  private final Received own = new Received();

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
    upstream.on(
        "/sse",
        call -> streams.add(call.events().raw("event: endpoint\ndata: /messages?sessionId=1\n\n")));
    upstream.on(
        "/messages",
        call -> {
          posts.add(call);
          call.reply(202, "text/plain", "Accepted");
        });
  }

  @AfterEach
  void end() {
    upstream.close();
  }

  private SsePeer open(URI url, Duration limit) throws InterruptedException {
    return SsePeer.open(
        connections, "old", url, RequestHeaders.NONE, WireLimits.DEFAULT, own, limit);
  }

  private static Request request() {
    return new Request(
        "echo",
        (ObjectNode) Wire.read("{\"_meta\":{\"progressToken\":5}}".getBytes(UTF_8)),
        Map.of(),
        null,
        Cancellation.NOTIFICATION);
  }

  private static CompletableFuture<ObjectNode> async(SsePeer peer, Receiver receiver) {
    var outcome = new CompletableFuture<ObjectNode>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            outcome.complete(peer.request(request(), receiver));
          } catch (InterruptedException | RuntimeException e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  @Test
  void messagesArePostedAndResponsesComeOnTheStream() throws Exception {
    try (SsePeer peer = open(upstream.url("/sse"), LIMIT)) {
      var events = streams.take();
      var request = new Received();
      var outcome = async(peer, request);
      var post = posts.take();
      events.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":5}}");
      events.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}");
      events.send("not json");
      events.send("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"give\"}");
      assertThat(posts.take().message().toString())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"n\":1.0}}");
      events.send(post.response("{\"a\":1.0}"));
      assertThat(outcome.get(1, TimeUnit.MINUTES).toString()).isEqualTo("{\"a\":1.0}");
      assertThat(request.notifications)
          .containsExactly("notifications/progress{\"progressToken\":5}");
      assertThat(own.notifications).containsExactly("notifications/x{}");
    }
  }

  @Test
  void theEndOfTheStreamFailsOpenRequests() throws Exception {
    try (SsePeer peer = open(upstream.url("/sse"), LIMIT)) {
      var outcome = async(peer, Receiver.NONE);
      posts.take();
      streams.take().end();
      assertThatThrownBy(() -> outcome.get(1, TimeUnit.MINUTES))
          .cause()
          .isInstanceOfSatisfying(
              UpstreamLostException.class, lost -> assertThat(lost.sent()).isTrue());
      assertThat(own.end.get(1, TimeUnit.MINUTES)).isInstanceOf(UpstreamLostException.class);
      assertThat(peer.isOpen()).isFalse();
    }
  }

  @Test
  void anInterruptedRequestIsCancelled() throws Exception {
    try (SsePeer peer = open(upstream.url("/sse"), LIMIT)) {
      var outcome = new CompletableFuture<Throwable>();
      Thread thread =
          Thread.ofPlatform()
              .start(() ->
                  outcome.complete(
                      catchThrowableOfType(
                          Throwable.class, () -> peer.request(request(), Receiver.NONE))));
      posts.take();
      await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.WAITING);
      thread.interrupt();
      assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
      assertThat(posts.take().message().toString())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
    }
  }

  @Test
  void anAddressOfAnotherOriginIsRefused() {
    URI url =
        upstream.on(
            "/other", call -> call.events().raw("event: endpoint\ndata: http://localhost:1/x\n\n"));
    assertThatThrownBy(() -> open(url, LIMIT))
        .isInstanceOf(UpstreamProtocolException.class)
        .hasMessageContaining("old")
        .hasMessageContaining("origin");
  }

  @Test
  void whatHasNoStreamOrNamesNoAddressIsNotOpened() {
    URI missing = upstream.on("/missing", call -> call.reply(404, "", ""));
    URI silent = upstream.on("/silent", HttpUpstream.Call::events);
    var lost = catchThrowableOfType(UpstreamLostException.class, () -> open(missing, LIMIT));
    assertThat(lost.status()).isEqualTo(404);
    assertThatThrownBy(() -> open(silent, Duration.ofMillis(100)))
        .isInstanceOf(UpstreamLostException.class)
        .hasMessageContaining("no address");
  }
}
