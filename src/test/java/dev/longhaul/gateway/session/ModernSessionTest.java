package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.tool.Question;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class ModernSessionTest {
  private static final String META = "io.modelcontextprotocol/";
  private static final SessionLimits LIMITS =
      new SessionLimits(10, 100, 10_000, 3, Duration.ofSeconds(30), Duration.ofSeconds(5));

  private final KnownEras eras = KnownEras.inMemory();

  @Test
  void eachRequestSaysWhoAsksAndWhatCanBeAsked() throws Exception {
    var peers = new ScriptedPeers((_, request, _) -> plainly(request.method()));
    open(peers, http()).call("tools/call", call("täg"), new RecordingFeed());
    var request = peers.opened.getFirst().requests.getLast();
    JsonNode meta = request.params().path("_meta");
    assertThat(meta.path(META + "protocolVersion").asString("")).isEqualTo("2026-07-28");
    assertThat(meta.path(META + "clientInfo").path("name").asString("")).isEqualTo("longhaul");
    ObjectNode declared = Capabilities.all();
    declared.putObject("extensions").putObject(META + "tasks");
    assertThat(meta.path(META + "clientCapabilities")).isEqualTo(declared);
    assertThat(meta.path(META + "logLevel").asString("")).isEqualTo("info");
    assertThat(meta.path("progressToken").isIntegralNumber()).isTrue();
    assertThat(meta.path("traceparent").asString("")).startsWith("00-0af7");
    assertThat(meta.has("own")).isFalse();
    assertThat(request.headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "MCP-Protocol-Version", "2026-07-28",
                "Mcp-Method", "tools/call",
                "Mcp-Name", "=?base64?dMOkZw==?="));
    assertThat(request.limit()).isNull();
  }

  @Test
  void markedArgumentsAreRepeatedInHeadersWithoutAListByTheCaller() throws Exception {
    var peers = new ScriptedPeers((_, request, _) -> plainly(request.method()));
    var session = open(peers, http());
    session.call("tools/call", call("echo"), new RecordingFeed());
    session.call("tools/call", call("echo"), new RecordingFeed());
    var peer = peers.opened.getFirst();
    assertThat(peer.sent)
        .containsExactly("server/discover", "tools/list", "tools/call", "tools/call");
    assertThat(peer.requests.getLast().headers()).containsEntry("Mcp-Param-Text", "heard");
  }

  @Test
  void aStdioUpstreamNeedsNoHeadersAndNoListForThem() throws Exception {
    var peers = new ScriptedPeers((_, request, _) -> plainly(request.method()));
    open(peers, stdio()).call("tools/call", call("echo"), new RecordingFeed());
    assertThat(peers.opened.getFirst().sent).containsExactly("server/discover", "tools/call");
  }

  @Test
  void headersThatNoLongerMatchAreMadeFromANewListOnce() throws Exception {
    boolean[] refused = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("tools/call") && !refused[0]) {
            refused[0] = true;
            throw new RpcErrorException(-32020, "header mismatch", null);
          }
          return plainly(request.method());
        });
    open(peers, http()).call("tools/call", call("echo"), new RecordingFeed());
    assertThat(peers.opened.getFirst().sent)
        .containsExactly("server/discover", "tools/list", "tools/call", "tools/list", "tools/call");
  }

  @Test
  void roundsWithTheSameKeyAreDifferentQuestionsAndTheStateIsSentBackAsItWas() throws Exception {
    List<ObjectNode> bodies = new ArrayList<>();
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (!request.method().equals("tools/call")) {
            return plainly(request.method());
          }
          bodies.add(request.params());
          ObjectNode again = TestUpstream.object().put("resultType", "input_required");
          switch (bodies.size()) {
            case 1 -> again.put("requestState", "a\u0000\"b");
            case 2, 3 -> {
              // Without a state.
            }
            default -> {
              return TestUpstream.text("enough");
            }
          }
          again.putObject("inputRequests").putObject("who").put("method", "roots/list");
          return again;
        });
    List<String> rounds = new ArrayList<>();
    var feed =
        new RecordingFeed() {
          @Override
          public void waits() {
            rounds.add("waits " + questions.size());
          }

          @Override
          public void goesOn() {
            rounds.add("goes on " + bodies.size());
          }
        };
    open(peers, http()).call("tools/call", call("ask"), feed);
    assertThat(rounds)
        .containsExactly("waits 0", "goes on 1", "waits 1", "goes on 2", "waits 2", "goes on 3");
    assertThat(feed.questions.stream().map(Question::key)).containsExactly("who", "who~2", "who~3");
    assertThat(bodies.get(0).has("requestState")).isFalse();
    assertThat(bodies.get(1).path("requestState").asString("")).isEqualTo("a\u0000\"b");
    assertThat(bodies.get(1).path("inputResponses").path("who").path("action").asString(""))
        .isEqualTo("accept");
    assertThat(bodies.get(2).has("requestState")).isFalse();
    assertThat(bodies.get(2).path("arguments")).isEqualTo(bodies.get(0).path("arguments"));
  }

  @Test
  void anUpstreamThatAsksForeverIsEnded() {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (!request.method().equals("tools/call")) {
            return plainly(request.method());
          }
          ObjectNode again = TestUpstream.object().put("resultType", "input_required");
          again.putObject("inputRequests").putObject("who").put("method", "roots/list");
          return again;
        });
    var feed = new RecordingFeed();
    assertThatExceptionOfType(UpstreamProtocolException.class)
        .isThrownBy(() -> open(peers, http()).call("tools/call", call("ask"), feed))
        .withMessageContaining("more than 3 times");
    assertThat(feed.questions).hasSize(4);
  }

  @Test
  void whatTheProtocolDoesNotHaveIsAClearError() {
    StringBuilder questions = new StringBuilder();
    for (int i = 0; i < 101; i++) {
      questions.append(i == 0 ? "" : ",").append("\"").append(i).append("\":{}");
    }
    for (String result :
        List.of(
            "{\"resultType\":\"input_required\",\"inputRequests\":{" + questions + "}}",
            "{\"resultType\":\"task\",\"taskId\":\"" + "a".repeat(1_001) + "\"}",
            "{\"resultType\":\"" + "a\\n".repeat(10_000) + "\"}",
            "{\"resultType\":\"later\"}",
            "{\"resultType\":\"input_required\"}",
            "{\"resultType\":\"task\"}",
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"x\"}}}")) {
      var peers =
          new ScriptedPeers((_, request, _) ->
              request.method().equals("tools/call")
                  ? (ObjectNode) TestUpstream.JSON.readTree(result)
                  : plainly(request.method()));
      assertThatExceptionOfType(UpstreamProtocolException.class)
          .isThrownBy(() -> open(peers, http()).call("tools/call", call("a"), new RecordingFeed()))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n"));
    }
  }

  @Test
  void anUpstreamThatNowSpeaksAnotherVersionIsSpokenToInThatOne() throws Exception {
    boolean[] replaced = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          boolean newer = request.headers().containsValue("2099-01-01");
          if (newer == replaced[0]) {
            return plainly(request.method())
                .set("supportedVersions", TestUpstream.JSON.readTree("[\"2026-07-28\"]"));
          }
          ObjectNode data = TestUpstream.object();
          data.putArray("supported").add(replaced[0] ? "2099-01-01" : "2026-07-28");
          throw new RpcErrorException(-32022, "unsupported", data, 400);
        });
    var sessions =
        new ProbingSessions(
            peers, eras, "1", LIMITS, List.of("2026-07-28", "2099-01-01"), System::nanoTime);
    var session = sessions.open(http(), SessionListener.NONE);
    replaced[0] = true;
    var _ = session.call("resources/read", TestUpstream.object(), new RecordingFeed());
    assertThat(session.isAlive()).isTrue();
    assertThat(peers.opened.getFirst().requests.getLast().headers())
        .containsEntry("MCP-Protocol-Version", "2099-01-01");
  }

  @Test
  void anAnswerThatOnlyALegacyUpstreamGivesEndsTheSessionAndTheEraIsFoundAnew() throws Exception {
    boolean[] replaced = {false};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("initialize")) {
            return TestUpstream.object().put("protocolVersion", "2025-11-25");
          }
          if (replaced[0]) {
            throw new UpstreamLostException("no session", true, 400, null);
          }
          return plainly(request.method());
        });
    var session = open(peers, http());
    replaced[0] = true;
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> session.call("tools/call", call("a"), new RecordingFeed()));
    assertThat(session.isAlive()).isFalse();
    assertThat(open(peers, http()).facts().version()).isEqualTo("2025-11-25");
  }

  @Test
  void aTaskIsFollowedThroughARestartOfTheUpstream() throws Exception {
    int[] looks = {0};
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (!request.method().equals("tasks/get")) {
            return plainly(request.method());
          }
          if (looks[0]++ == 0) {
            throw new UpstreamLostException("refused", false, 0, null);
          }
          ObjectNode task = TestUpstream.object().put("status", "completed");
          task.set("result", TestUpstream.text("done"));
          return task;
        });
    ObjectNode result =
        open(peers, http()).call("tools/call", call("job"), new RecordingFeed("t1"));
    assertThat(result).isEqualTo(TestUpstream.text("done"));
    assertThat(peers.opened.getFirst().requests.getLast().headers())
        .containsEntry("Mcp-Name", "t1");
  }

  @Test
  void theAnswerToATaskIsSentAgainWhenItWasLostAndNobodyIsAskedTwice() throws Exception {
    List<ObjectNode> updates = new ArrayList<>();
    var peers =
        new ScriptedPeers((_, request, _) -> {
          ObjectNode task = TestUpstream.object();
          if (request.method().equals("tasks/update")) {
            updates.add(request.params());
            if (updates.size() == 1) {
              throw new UpstreamLostException("refused", false, 0, null);
            }
            return task;
          }
          if (!request.method().equals("tasks/get")) {
            return plainly(request.method());
          }
          if (updates.size() == 2) {
            task.put("status", "completed").set("result", TestUpstream.text("done"));
          } else {
            task.put("status", "input_required").put("pollIntervalMs", 20);
            task.putObject("inputRequests").putObject("who").put("method", "roots/list");
          }
          return task;
        });
    var feed = new RecordingFeed("t1");
    assertThat(open(peers, http()).call("tools/call", call("job"), feed))
        .isEqualTo(TestUpstream.text("done"));
    assertThat(feed.questions).hasSize(1);
    assertThat(updates.get(1).path("inputResponses"))
        .isEqualTo(updates.get(0).path("inputResponses"));
  }

  @Test
  void aTaskThatFailedIsTheErrorThatTheCallWouldHaveHad() {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          ObjectNode task = plainly(request.method());
          if (request.method().equals("tasks/get")) {
            task.put("status", "failed").putObject("error").put("code", -1).put("message", "m");
          }
          return task;
        });
    assertThatExceptionOfType(RpcErrorException.class)
        .isThrownBy(
            () -> open(peers, http()).call("tools/call", call("job"), new RecordingFeed("t1")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(-1));
  }

  @Test
  void afterALostStreamOfChangesTheListenerLooksAgain() throws Exception {
    int[] streams = {0};
    var peers =
        new ScriptedPeers((_, request, receiver) -> {
          if (!request.method().equals("subscriptions/listen")) {
            return plainly(request.method());
          }
          ObjectNode acknowledged = TestUpstream.object();
          acknowledged.set("notifications", request.params().path("notifications"));
          receiver.notification("notifications/subscriptions/acknowledged", acknowledged);
          if (streams[0]++ == 0) {
            throw new UpstreamLostException("away", true, 0, null);
          }
          Thread.sleep(Duration.ofMinutes(1));
          throw new IllegalStateException();
        });
    BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    var session = open(peers, http(), changes);
    session.follow(true, Set.of("test://one"));
    assertThat(List.of(next(changes), next(changes)))
        .containsExactlyInAnyOrder("tools/list", "test://one");
    session.close();
  }

  @Test
  void whenOtherChangesAreWantedTheSecondStreamIsOpenBeforeTheFirstOneEnds() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    var peers =
        new ScriptedPeers((_, request, receiver) -> {
          if (!request.method().equals("subscriptions/listen")) {
            return plainly(request.method());
          }
          String wanted = request.params().at("/notifications/resourceSubscriptions").toString();
          events.add("open " + wanted);
          acknowledge(request, receiver);
          try {
            Thread.sleep(Duration.ofMinutes(1));
          } finally {
            events.add("end " + wanted);
          }
          throw new IllegalStateException();
        });
    var session = open(peers, http());
    session.follow(true, Set.of("test://one"));
    session.follow(true, Set.of("test://one", "test://two"));
    session.follow(true, Set.of("test://one", "test://two"));
    await().atMost(Duration.ofSeconds(30)).until(() -> events.size() == 3);
    assertThat(events)
        .containsExactly(
            "open [\"test://one\"]",
            "open [\"test://one\",\"test://two\"]",
            "end [\"test://one\"]");
    session.close();
    await().atMost(Duration.ofSeconds(30)).until(() -> events.size() == 4);
  }

  @Test
  void anUpstreamThatRefusesTheResourcesStillAnnouncesItsLists() throws Exception {
    BlockingQueue<String> filters = new LinkedBlockingQueue<>();
    var peers =
        new ScriptedPeers((_, request, receiver) -> {
          if (!request.method().equals("subscriptions/listen")) {
            return plainly(request.method());
          }
          if (request.params().at("/notifications/resourceSubscriptions").isArray()) {
            throw new RpcErrorException(-32602, "too many resources", null);
          }
          filters.add(request.params().path("notifications").toString());
          acknowledge(request, receiver);
          Thread.sleep(Duration.ofMinutes(1));
          throw new IllegalStateException();
        });
    var session = open(peers, http());
    session.follow(true, Set.of("test://one"));
    assertThat(next(filters)).isEqualTo("{\"toolsListChanged\":true}");
    session.close();
  }

  private static void acknowledge(
      dev.longhaul.gateway.rpc.Request request, dev.longhaul.gateway.rpc.Receiver receiver) {
    ObjectNode acknowledged = TestUpstream.object();
    acknowledged.set("notifications", request.params().path("notifications"));
    receiver.notification("notifications/subscriptions/acknowledged", acknowledged);
  }

  @Test
  void aCallWhoseHeadersCannotBeMadeHasNotBeenSent() {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("tools/list")) {
            throw new UpstreamLostException("reset", true, 0, null);
          }
          return plainly(request.method());
        });
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> open(peers, http()).call("tools/call", call("echo"), new RecordingFeed()))
        .satisfies(e -> assertThat(e.sent()).isFalse());
  }

  private static String next(BlockingQueue<String> changes) throws InterruptedException {
    String change = changes.poll(30, TimeUnit.SECONDS);
    assertThat(change).isNotNull();
    return String.valueOf(change);
  }

  private UpstreamSession open(ScriptedPeers peers, UpstreamConfig config)
      throws InterruptedException {
    return open(peers, config, new LinkedBlockingQueue<>());
  }

  private UpstreamSession open(
      ScriptedPeers peers, UpstreamConfig config, BlockingQueue<String> changes)
      throws InterruptedException {
    return new ProbingSessions(peers, eras, "1", LIMITS)
        .open(
            config,
            new SessionListener() {
              @Override
              public void changed(String method) {
                changes.add(method);
              }

              @Override
              public void resourceUpdated(String uri) {
                changes.add(uri);
              }
            });
  }

  private static ObjectNode plainly(String method) {
    ObjectNode result = TestUpstream.object().put("resultType", "complete");
    switch (method) {
      case "server/discover" -> {
        result.putArray("supportedVersions").add("2026-07-28");
        ObjectNode capabilities = result.putObject("capabilities");
        capabilities.putObject("tools").put("listChanged", true);
        capabilities.putObject("prompts");
        capabilities.putObject("resources").put("subscribe", true);
        capabilities.putObject("extensions").putObject(META + "tasks");
      }
      case "tools/list" -> {
        ObjectNode tool = result.putArray("tools").addObject().put("name", "echo");
        tool.putObject("inputSchema")
            .put("type", "object")
            .putObject("properties")
            .putObject("text")
            .put("type", "string")
            .put("x-mcp-header", "Text");
      }
      case "resources/list" -> result.putArray("resources");
      case "resources/templates/list" -> result.putArray("resourceTemplates");
      case "prompts/list" -> result.putArray("prompts");
      default -> {
        // An empty result.
      }
    }
    return result;
  }

  private static ObjectNode call(String tool) {
    ObjectNode params = TestUpstream.object().put("name", tool);
    params.putObject("arguments").put("text", "heard");
    params.putObject("_meta").put("own", "not for the upstream").put("progressToken", "mine");
    return params;
  }

  private static UpstreamConfig stdio() {
    return Link.config(
        new Connection.Command(List.of("server"), Map.of(), null), SessionScope.SHARED);
  }

  private static UpstreamConfig http() {
    return Link.config(
        new Connection.Url(URI.create("https://upstream.example/mcp"), HttpKind.DETECTED, Map.of()),
        SessionScope.SHARED);
  }
}
