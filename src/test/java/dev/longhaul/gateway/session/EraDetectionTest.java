package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.gateway.rpc.UpstreamTimeoutException;
import dev.longhaul.gateway.session.KnownEras.Known;
import dev.longhaul.gateway.session.ScriptedPeers.Script;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Which era an upstream speaks (2026-07-28, basic/versioning, "Backward Compatibility"). */
class EraDetectionTest {
  private static final List<String> PROBE = List.of("server/discover");
  private static final List<String> HANDSHAKE = List.of("initialize", "notifications/initialized");

  private final KnownEras eras = KnownEras.inMemory();

  @Test
  void anAnswerToTheProbeMeansModern() throws Exception {
    var peers = new ScriptedPeers((_, _, _) -> discovered("2026-07-28"));
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.MODERN);
    assertThat(peers.methods()).containsExactly(PROBE);
    assertThat(peers.opened.getFirst().requests.getFirst().limit())
        .isEqualTo(SessionLimits.DEFAULT.probe());
  }

  @ParameterizedTest
  @ValueSource(ints = {-32601, -32602, -32600, -32000, -32001, 0})
  void anErrorThatIsNotModernMeansLegacyAndAFreshProcess(int code) throws Exception {
    var peers = legacyAfter(refusal(code));
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.LEGACY);
    assertThat(peers.methods()).containsExactly(PROBE, HANDSHAKE);
    assertThat(peers.opened.getFirst().open).isFalse();
    assertThat(peers.opened.getLast().open).isTrue();
  }

  @Test
  void aStdioUpstreamThatExitsOrStaysSilentIsLegacy() throws Exception {
    var exits = legacyAfter(new UpstreamLostException("exited", true, 0, null));
    assertThat(open(exits, stdio()).facts().era()).isEqualTo(Era.LEGACY);
    assertThat(exits.methods()).containsExactly(PROBE, HANDSHAKE);
    var silent =
        legacyAfter(
            new UpstreamTimeoutException("test", SessionLimits.DEFAULT.probe(), true, null));
    assertThat(open(silent, stdio("silent")).facts().era()).isEqualTo(Era.LEGACY);
    assertThat(silent.methods()).containsExactly(PROBE, HANDSHAKE);
  }

  @Test
  void aProgramThatCannotBeStartedIsTriedOnce() {
    int[] starts = {0};
    PeerOpener failing =
        (_, _, _, _) -> {
          starts[0]++;
          throw new UpstreamLostException("no such program", false, 0, null);
        };
    for (Era known : Era.values()) {
      eras.put(stdio().digest(), new Known(known, HttpKind.STREAMABLE));
      starts[0] = 0;
      assertThatExceptionOfType(UpstreamLostException.class)
          .isThrownBy(() ->
              new ProbingSessions(failing, eras, "1", SessionLimits.DEFAULT)
                  .open(stdio(), SessionListener.NONE))
          .withMessage("no such program");
      assertThat(starts[0]).isEqualTo(1);
    }
  }

  @Test
  void aStdioUpstreamThatPrintsNoJsonIsLegacy() throws Exception {
    var peers = legacyAfter(new UpstreamProtocolException("a banner"));
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.LEGACY);
  }

  @Test
  void aModernUpstreamThatWasTooSlowForTheProbeIsAskedAgainWithoutHaste() throws Exception {
    var peers =
        new ScriptedPeers((peer, request, _) -> {
          if (request.method().equals("initialize")) {
            throw refusal(-32602);
          }
          if (SessionLimits.DEFAULT.probe().equals(request.limit())) {
            throw new UpstreamTimeoutException("test", SessionLimits.DEFAULT.probe(), true, null);
          }
          return discovered("2026-07-28");
        });
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.MODERN);
    assertThat(peers.methods()).containsExactly(PROBE, List.of("initialize"), PROBE);
  }

  @ParameterizedTest
  @CsvSource({"600,PT5S", "2000,PT8S", "6000,PT24S", "20000,PT30S"})
  void theSilenceOfAProcessThatStartsSlowlySaysNothing(long startMillis, Duration asked)
      throws Exception {
    var now = new AtomicLong();
    var limits = new ArrayList<Duration>();
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("initialize")) {
            now.addAndGet(Duration.ofMillis(startMillis).toNanos());
            return initialised("2025-11-25");
          }
          limits.add(request.limit());
          if (limits.size() == 1) {
            throw new UpstreamTimeoutException("test", SessionLimits.DEFAULT.probe(), true, null);
          }
          return discovered("2026-07-28");
        });

    assertThat(timed(peers, now).open(stdio(), SessionListener.NONE).facts().era())
        .isEqualTo(Era.MODERN);
    assertThat(peers.methods()).containsExactly(PROBE, HANDSHAKE, PROBE);
    assertThat(peers.opened.get(1).open).isFalse();
    assertThat(limits).containsExactly(SessionLimits.DEFAULT.probe(), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "npx,PT15S",
    "/usr/bin/npx,PT15S",
    "C:\\nodejs\\NPX.cmd,PT15S",
    "uvx,PT15S",
    "docker,PT15S",
    "node,PT5S",
    "/opt/npx/server,PT5S"
  })
  void aProgramThatMayDownloadAServerFirstHasLongerForTheProbe(String program, Duration limit)
      throws Exception {
    var peers = new ScriptedPeers((_, _, _) -> discovered("2026-07-28"));
    assertThat(open(peers, stdio(program)).facts().era()).isEqualTo(Era.MODERN);
    assertThat(peers.opened.getFirst().requests.getFirst().limit()).isEqualTo(limit);
  }

  @Test
  void aLegacyProcessThatStartsSlowlyIsLegacyOnceItWasSilentTwice() throws Exception {
    var now = new AtomicLong();
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("initialize")) {
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            return initialised("2025-11-25");
          }
          throw new UpstreamTimeoutException("test", SessionLimits.DEFAULT.probe(), true, null);
        });

    assertThat(timed(peers, now).open(stdio(), SessionListener.NONE).facts().era())
        .isEqualTo(Era.LEGACY);
    assertThat(peers.methods()).containsExactly(PROBE, HANDSHAKE, PROBE, HANDSHAKE);
  }

  private ProbingSessions timed(ScriptedPeers peers, AtomicLong now) {
    return new ProbingSessions(
        peers, eras, "1", SessionLimits.DEFAULT, List.of("2026-07-28"), now::get);
  }

  @Test
  void anotherModernVersionIsTriedFromTheSupportedOnes() throws Exception {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          String asked =
              request.params().at("/_meta/io.modelcontextprotocol~1protocolVersion").asString("");
          if (!asked.equals("2026-07-28")) {
            ObjectNode data = TestUpstream.object();
            data.putArray("supported").add("2026-07-28");
            throw new RpcErrorException(-32022, "unsupported", data);
          }
          return discovered("2026-07-28");
        });
    var sessions =
        new ProbingSessions(
            peers,
            eras,
            "1",
            SessionLimits.DEFAULT,
            List.of("2099-01-01", "2026-07-28"),
            System::nanoTime);
    assertThat(sessions.open(http(HttpKind.DETECTED), SessionListener.NONE).facts().version())
        .isEqualTo("2026-07-28");
    assertThat(peers.methods()).containsExactly(List.of("server/discover", "server/discover"));
  }

  @Test
  void anUpstreamOfUnknownModernVersionsFailsAndIsNotLegacy() {
    var peers = new ScriptedPeers((_, _, _) -> discovered("2099-01-01"));
    assertThatExceptionOfType(UpstreamProtocolException.class)
        .isThrownBy(() -> open(peers, http(HttpKind.DETECTED)))
        .withMessageContaining("2099-01-01");
    assertThat(peers.methods()).containsExactly(PROBE);
    assertThat(peers.opened.getFirst().open).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-32020, -32021})
  void aModernErrorIsNoReasonToFallBack(int code) {
    var peers = legacyAfter(refusal(code));
    assertThatExceptionOfType(RpcErrorException.class)
        .isThrownBy(() -> open(peers, http(HttpKind.DETECTED)));
    assertThat(peers.methods()).containsExactly(PROBE);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 406, 415, 422})
  void aClientErrorOverHttpMeansLegacy(int status) throws Exception {
    var peers = legacyAfter(new UpstreamLostException("refused", true, status, null));
    var session = open(peers, http(HttpKind.DETECTED));
    assertThat(session.facts().era()).isEqualTo(Era.LEGACY);
    assertThat(peers.methods()).containsExactly(PROBE, HANDSHAKE);
    assertThat(peers.opened.getLast().headers)
        .containsExactly(Map.entry("MCP-Protocol-Version", "2025-11-25"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 301, 401, 403, 408, 429, 500, 502, 503})
  void anUpstreamThatIsAwayOrRefusesTheCredentialsIsAFailureAndNothingIsLearned(int status) {
    var peers = legacyAfter(new UpstreamLostException("refused", true, status, null));
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> open(peers, http(HttpKind.DETECTED)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    assertThat(peers.methods()).containsExactly(PROBE);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405})
  void anUpstreamWithoutStreamableHttpIsSpokenToOverSse(int status) throws Exception {
    var peers =
        new ScriptedPeers((peer, request, _) -> {
          if (peer.transport != HttpKind.SSE) {
            throw new UpstreamLostException("refused", true, status, null);
          }
          return initialised("2024-11-05");
        });
    assertThat(open(peers, http(HttpKind.DETECTED)).facts().version()).isEqualTo("2024-11-05");
    assertThat(peers.methods()).containsExactly(PROBE, List.of("initialize"), HANDSHAKE);
    // The next session knows it.
    assertThat(open(peers, http(HttpKind.DETECTED)).facts().era()).isEqualTo(Era.LEGACY);
    assertThat(peers.opened).hasSize(4);
  }

  @Test
  void anUpstreamThatIsConfiguredAsStreamableHasNoOtherTransport() {
    var peers = legacyAfterAll(new UpstreamLostException("refused", true, 404, null));
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> open(peers, http(HttpKind.STREAMABLE)));
    assertThat(peers.methods()).containsExactly(PROBE, List.of("initialize"));
  }

  @Test
  void anUpstreamThatIsConfiguredWithSseIsNotProbed() throws Exception {
    var peers = new ScriptedPeers((_, _, _) -> initialised("2024-11-05"));
    assertThat(open(peers, http(HttpKind.SSE)).facts().era()).isEqualTo(Era.LEGACY);
    assertThat(peers.methods()).containsExactly(HANDSHAKE);
  }

  @Test
  void theEraIsKeptAndFoundAnewWhenItNoLongerHolds() throws Exception {
    boolean[] modern = {false};
    Script script =
        (_, request, _) -> {
          if (request.method().equals("server/discover") == modern[0]) {
            return modern[0] ? discovered("2026-07-28") : initialised("2025-06-18");
          }
          throw refusal(-32601);
        };
    var peers = new ScriptedPeers(script);
    assertThat(open(peers, stdio()).facts().version()).isEqualTo("2025-06-18");
    assertThat(open(peers, stdio()).facts().version()).isEqualTo("2025-06-18");
    assertThat(peers.methods()).containsExactly(PROBE, HANDSHAKE, HANDSHAKE);
    modern[0] = true;
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.MODERN);
    assertThat(open(peers, stdio()).facts().era()).isEqualTo(Era.MODERN);
    assertThat(peers.methods())
        .containsExactly(PROBE, HANDSHAKE, HANDSHAKE, List.of("initialize"), PROBE, PROBE);
  }

  @Test
  void aVersionThatIsNotKnownIsRefused() {
    var peers =
        new ScriptedPeers((_, request, _) -> {
          if (request.method().equals("initialize")) {
            return initialised("1999-01-01");
          }
          throw new UpstreamLostException("refused", true, 404, null);
        });
    assertThatExceptionOfType(UpstreamProtocolException.class)
        .isThrownBy(() -> open(peers, http(HttpKind.DETECTED)))
        .withMessageContaining("1999-01-01");
  }

  private UpstreamSession open(ScriptedPeers peers, UpstreamConfig config)
      throws InterruptedException {
    return new ProbingSessions(peers, eras, "1", SessionLimits.DEFAULT)
        .open(config, SessionListener.NONE);
  }

  private static ScriptedPeers legacyAfter(RuntimeException failure) {
    return new ScriptedPeers((_, request, _) -> {
      if (request.method().equals("server/discover")) {
        throw failure;
      }
      return initialised("2025-11-25");
    });
  }

  private static ScriptedPeers legacyAfterAll(RuntimeException failure) {
    return new ScriptedPeers((_, _, _) -> {
      throw failure;
    });
  }

  private static RpcErrorException refusal(int code) {
    return new RpcErrorException(code, "refused", null);
  }

  private static ObjectNode discovered(String version) {
    ObjectNode result = TestUpstream.object().put("resultType", "complete");
    result.putArray("supportedVersions").add(version);
    result.putObject("capabilities");
    return result;
  }

  private static ObjectNode initialised(String version) {
    ObjectNode result = TestUpstream.object().put("protocolVersion", version);
    result.putObject("capabilities");
    result.putObject("serverInfo").put("name", "test");
    return result;
  }

  private static UpstreamConfig stdio() {
    return stdio("server");
  }

  private static UpstreamConfig stdio(String program) {
    return Link.config(
        new Connection.Command(List.of(program), Map.of(), null), SessionScope.SHARED);
  }

  private static UpstreamConfig http(HttpKind kind) {
    return Link.config(
        new Connection.Url(URI.create("https://upstream.example/mcp"), kind, Map.of()),
        SessionScope.SHARED);
  }
}
