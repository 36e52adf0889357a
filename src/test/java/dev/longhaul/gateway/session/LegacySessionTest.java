package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.WireLimits;
import dev.longhaul.gateway.session.KnownEras.Known;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import dev.longhaul.tool.InputNeededException;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.ToolRefusedException;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class LegacySessionTest {
  private static final String CALL = "tools/call";

  private final KnownEras eras =
      new KnownEras() {
        @Override
        public java.util.Optional<Known> find(String digest) {
          return java.util.Optional.of(new Known(Era.LEGACY, HttpKind.STREAMABLE));
        }

        @Override
        public void put(String digest, Known known) {}

        @Override
        public void forget(String digest) {}
      };

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"})
  void anyLegacyVersionThatTheUpstreamAnswersIsSpoken(String version) throws Exception {
    var peers = new ScriptedPeers((_, request, _) -> plainly(request.method(), version));
    assertThat(open(peers, http()).facts().version()).isEqualTo(version);
    ObjectNode params = peers.opened.getFirst().requests.getFirst().params();
    assertThat(params.path("protocolVersion").asString("")).isEqualTo("2025-11-25");
    assertThat(params.has("_meta")).isFalse();
  }

  @Test
  void aSessionThatHasExpiredIsInitialisedAgainAndTheCallIsSentOnceMore() throws Exception {
    boolean[] expired = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("initialize")) {
            expired[0] = false;
          }
          if (expired[0]) {
            throw new UpstreamLostException("no such session", true, 404, null);
          }
          return plainly(request.method(), "2025-11-25");
        });
    var session = open(peers, http());
    session.follow(true, Set.of("test://one"));
    expired[0] = true;
    assertThat(session.call(CALL, call("a"), new RecordingFeed())).isNotNull();
    assertThat(peers.opened).hasSize(1);
    assertThat(peers.opened.getFirst().sent)
        .containsExactly(
            "initialize",
            "notifications/initialized",
            "resources/subscribe",
            "logging/setLevel",
            "initialize",
            "notifications/initialized",
            "resources/subscribe",
            "logging/setLevel",
            CALL);
    session.close();
  }

  @Test
  void aSessionThatExpiresWithoutACallIsSubscribedAgain() throws Exception {
    var upstream = new TestUpstream(Era.LEGACY);
    try (var server = new HttpUpstream(upstream);
        var children = new Children(null);
        var connections = new HttpConnections(ObservationRegistry.NOOP)) {
      var peers =
          new UpstreamPeers(
              children, connections, WireLimits.DEFAULT, (_, _, _) -> RequestHeaders.NONE);
      BlockingQueue<String> changes = new LinkedBlockingQueue<>();
      var session =
          new ProbingSessions(peers, eras, "1", SessionLimits.DEFAULT)
              .open(
                  Link.config(
                      new Connection.Url(server.url(), HttpKind.DETECTED, Map.of()),
                      SessionScope.SHARED),
                  new SessionListener() {
                    @Override
                    public void resourceUpdated(String uri) {
                      changes.add(uri);
                    }
                  });
      session.follow(false, Set.of("test://one"));
      upstream.listened.acquire();
      upstream.subscribed.clear();
      server.forget();
      assertThat(changes.poll(60, TimeUnit.SECONDS))
          .as("it may have been updated meanwhile")
          .isEqualTo("test://one");
      assertThat(upstream.subscribed).containsExactly("test://one");
      assertThat(upstream.initialised).hasValue(2);
      session.close();
    }
  }

  @Test
  void aSubscriptionThatIsRefusedLeavesTheOthersAndIsNotAskedAgain() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (!request.method().startsWith("resources/")) {
            return plainly(request.method(), "2025-11-25");
          }
          String uri = request.params().path("uri").asString("");
          asked.add(request.method() + " " + uri);
          if (uri.equals("test://bad")) {
            throw new RpcErrorException(-32002, "Resource not found", null);
          }
          return TestUpstream.object();
        });
    var session = open(peers, http());
    session.follow(true, Set.of("test://bad"));
    session.follow(true, Set.of("test://bad", "test://one"));
    session.follow(true, Set.of("test://one"));
    assertThat(asked)
        .containsExactly(
            "resources/subscribe test://bad",
            "resources/subscribe test://one",
            "resources/unsubscribe test://bad");
    session.close();
  }

  @Test
  void aServerThatHasForgottenItsSessionsOverHttpIsUsedOn() throws Exception {
    var upstream = new TestUpstream(Era.LEGACY);
    try (var server = new HttpUpstream(upstream);
        var children = new Children(null);
        var connections = new HttpConnections(ObservationRegistry.NOOP)) {
      var peers =
          new UpstreamPeers(
              children, connections, WireLimits.DEFAULT, (_, _, _) -> RequestHeaders.NONE);
      BlockingQueue<String> changes = new LinkedBlockingQueue<>();
      var session =
          new ProbingSessions(peers, eras, "1", SessionLimits.DEFAULT)
              .open(
                  Link.config(
                      new Connection.Url(server.url(), HttpKind.DETECTED, Map.of()),
                      SessionScope.SHARED),
                  new SessionListener() {
                    @Override
                    public void resourceUpdated(String uri) {
                      changes.add(uri);
                    }
                  });
      session.follow(true, Set.of("test://one"));
      upstream.listened.acquire();
      server.forget();
      upstream.subscribed.clear();
      assertThat(session.call(CALL, call("echo"), new RecordingFeed()).path("isError").asBoolean())
          .isTrue();
      assertThat(upstream.runs).hasValue(1);
      assertThat(upstream.initialised).hasValue(2);
      assertThat(upstream.subscribed).containsExactly("test://one");
      upstream.listened.acquire();
      var _ = session.call(CALL, call("change"), new RecordingFeed());
      assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo("test://one");
      session.close();
    }
  }

  @Test
  void aSessionThatExpiresAgainAtOnceHasNotRunTheCall() throws Exception {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals(CALL)) {
            throw new UpstreamLostException("no such session", true, 404, null);
          }
          return plainly(request.method(), "2025-06-18");
        });
    var session = open(peers, http());
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> session.call(CALL, call("a"), CallFeed.NONE))
        .satisfies(e -> assertThat(e.sent()).isFalse());
    assertThat(peers.opened.getFirst().sent.stream().filter("initialize"::equals)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "404, -32002, Resource not found, false, false",
    "404, -32602, Unknown tool, true, false",
    "400, -32603, The training session is full, true, false",
    "400, -32000, The training session is full, true, false",
    "404, -32001, No such customer, true, false",
    "404, -32001, Session not found, false, true",
    "404, -32600, Session not found, true, true",
    "400, -32000, Bad Request: Server not initialized, false, true",
    "400, -32600, Bad Request: Missing session ID, true, true"
  })
  void anErrorOfWhatWasAskedForIsNoExpiredSession(
      int status, int code, String message, boolean namesRequest, boolean expired)
      throws Exception {
    boolean[] failed = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals(CALL) && !failed[0]) {
            failed[0] = true;
            throw new RpcErrorException(code, message, null, status, namesRequest);
          }
          return plainly(request.method(), "2025-06-18");
        });
    var session = open(peers, http());
    if (expired) {
      assertThat(session.call(CALL, call("a"), CallFeed.NONE)).isNotNull();
    } else {
      assertThatExceptionOfType(RpcErrorException.class)
          .isThrownBy(() -> session.call(CALL, call("a"), CallFeed.NONE))
          .withMessage(message);
    }
    int times = expired ? 2 : 1;
    List<String> sent = peers.opened.getFirst().sent;
    assertThat(sent.stream().filter("initialize"::equals)).hasSize(times);
    assertThat(sent.stream().filter(CALL::equals)).hasSize(times);
    session.close();
  }

  @Test
  void aLostConnectionRepeatsOnlyWhatMayBeRepeated() throws Exception {
    boolean[] lose = {true};
    boolean[] sent = {true};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (!request.method().equals("initialize") && lose[0]) {
            lose[0] = false;
            throw new UpstreamLostException("reset", sent[0], 0, null);
          }
          return plainly(request.method(), "2025-06-18");
        });
    var session = open(peers, http());
    assertThat(session.list("tools/list")).hasSize(1);
    lose[0] = true;
    assertThat(session.call("resources/read", TestUpstream.object(), CallFeed.NONE)).isNotNull();
    lose[0] = true;
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> session.call(CALL, call("a"), CallFeed.NONE));
    lose[0] = true;
    sent[0] = false;
    assertThat(session.call(CALL, call("a"), CallFeed.NONE)).isNotNull();
  }

  @Test
  void theResultOfATaskIsAskedForAgainWhenTheConnectionIsRefused() throws Exception {
    int[] asked = {0};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("tasks/get")) {
            return TestUpstream.object().put("status", "completed");
          }
          if (!request.method().equals("tasks/result")) {
            return plainly(request.method(), "2025-11-25");
          }
          if (asked[0]++ < 2) {
            throw new UpstreamLostException("refused", false, 0, null);
          }
          return TestUpstream.text("done");
        });
    assertThat(open(peers, http()).call(CALL, call("job"), new RecordingFeed("t1")))
        .isEqualTo(TestUpstream.text("done"));
  }

  @Test
  void aTaskThatCanNoLongerBeFollowedMayHaveRun() throws Exception {
    var peers =
        new ScriptedPeers((peer, request, _) -> {
          if (request.method().equals("tasks/get")) {
            return TestUpstream.object().put("status", "completed");
          }
          if (request.method().equals("tasks/result")) {
            peer.close();
            throw new UpstreamLostException("refused", false, 0, null);
          }
          return plainly(request.method(), "2025-11-25");
        });
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> open(peers, http()).call(CALL, call("job"), new RecordingFeed("t1")))
        .satisfies(e -> assertThat(e.sent()).isTrue());
  }

  @Test
  void aCallDoesWithoutALevelOfMessagesThatTheUpstreamRefuses() throws Exception {
    boolean[] lost = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("logging/setLevel")) {
            throw lost[0]
                ? new UpstreamLostException("away", true, 503, null)
                : new RpcErrorException(-32602, "unknown level", null);
          }
          return plainly(request.method(), "2025-06-18");
        });
    var session = open(peers, http());
    assertThat(session.call(CALL, call("a"), new RecordingFeed())).isNotNull();
    lost[0] = true;
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> open(peers, http()).call(CALL, call("a"), new RecordingFeed()))
        .satisfies(e -> assertThat(e.sent()).isFalse());
  }

  @Test
  void aQuestionOutsideOfACallIsRefusedIfSeveralCallsMayBeMeant() throws Exception {
    var peers = new ScriptedPeers(LegacySessionTest::askOutside);
    assertThat(open(peers, stdio(SessionScope.SHARED)).call(CALL, call("a"), new RecordingFeed()))
        .isEqualTo(TestUpstream.text("-32601"));
    assertThat(open(peers, stdio(SessionScope.CALLER)).call(CALL, call("a"), new RecordingFeed()))
        .isEqualTo(TestUpstream.text("accept"));
    assertThat(peers.opened.getFirst().requests.getFirst().params().path("capabilities")).isEmpty();
    assertThat(peers.opened.getLast().requests.getFirst().params().path("capabilities"))
        .isEqualTo(Capabilities.all());
  }

  @Test
  void aQuestionThatTheClientCannotAnswerIsRefusedWithItsReason() throws Exception {
    var peers =
        new ScriptedPeers((_, request, receiver) ->
            request.method().equals(CALL)
                ? answered(() -> receiver.request(Question.SAMPLING, TestUpstream.object()))
                : plainly(request.method(), "2025-11-25"));
    var feed =
        new RecordingFeed() {
          @Override
          public List<JsonNode> ask(List<Question> asked) {
            throw new ToolRefusedException(-32021, "This client has no sampling.");
          }
        };
    assertThat(open(peers, http()).call(CALL, call("a"), feed))
        .isEqualTo(TestUpstream.text("-32601"));
    assertThat(open(peers, http()).call(CALL, call("a"), CallFeed.NONE))
        .isEqualTo(TestUpstream.text("-32601"));
    var later =
        new RecordingFeed() {
          @Override
          public List<JsonNode> ask(List<Question> asked) {
            throw new InputNeededException();
          }
        };
    assertThat(open(peers, http()).call(CALL, call("a"), later))
        .isEqualTo(TestUpstream.text("-32603"));
  }

  @Test
  void whatIsNoQuestionIsRefusedAndAPingIsAnswered() throws Exception {
    for (String method : List.of("ping", "tasks/get", "anything")) {
      var peers =
          new ScriptedPeers((_, request, receiver) ->
              request.method().equals(CALL)
                  ? answered(() -> receiver.request(method, TestUpstream.object()))
                  : plainly(request.method(), "2025-11-25"));
      assertThat(open(peers, http()).call(CALL, call("a"), new RecordingFeed()))
          .isEqualTo(TestUpstream.text(method.equals("ping") ? "" : "-32601"));
    }
  }

  private static ObjectNode askOutside(
      ScriptedPeers.Scripted peer,
      dev.longhaul.gateway.rpc.Request request,
      dev.longhaul.gateway.rpc.Receiver receiver)
      throws InterruptedException {
    return request.method().equals(CALL)
        ? answered(() -> peer.receiver.request(Question.ELICITATION, TestUpstream.object()))
        : plainly(request.method(), "2025-11-25");
  }

  /** A request of the upstream. */
  @FunctionalInterface
  private interface Asking {
    ObjectNode ask() throws InterruptedException;
  }

  private static ObjectNode answered(Asking asking) throws InterruptedException {
    try {
      return TestUpstream.text(asking.ask().path("action").asString(""));
    } catch (RpcErrorException e) {
      return TestUpstream.text(String.valueOf(e.code()));
    }
  }

  private UpstreamSession open(ScriptedPeers peers, UpstreamConfig config)
      throws InterruptedException {
    return new ProbingSessions(peers, eras, "1", SessionLimits.DEFAULT)
        .open(config, SessionListener.NONE);
  }

  private static ObjectNode plainly(String method, String version) {
    ObjectNode result = TestUpstream.object();
    switch (method) {
      case "initialize" -> {
        result.put("protocolVersion", version);
        ObjectNode capabilities = result.putObject("capabilities");
        capabilities.putObject("tools");
        capabilities.putObject("logging");
        capabilities.putObject("resources").put("subscribe", true);
      }
      case "tools/list" -> result.putArray("tools").addObject().put("name", "a");
      default -> {
        // An empty result.
      }
    }
    return result;
  }

  private static ObjectNode call(String tool) {
    return TestUpstream.object().put("name", tool);
  }

  private static UpstreamConfig stdio(SessionScope scope) {
    return Link.config(new Connection.Command(List.of("server"), Map.of(), null), scope);
  }

  private static UpstreamConfig http() {
    return Link.config(
        new Connection.Url(URI.create("https://upstream.example/mcp"), HttpKind.DETECTED, Map.of()),
        SessionScope.SHARED);
  }
}
