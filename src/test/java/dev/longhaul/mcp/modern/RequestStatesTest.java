package dev.longhaul.mcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.Caller;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.CallInput;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.legacy.LegacyDialect;
import dev.longhaul.mcp.stream.BatchReply;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Client;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** {@code requestState} is bound to its request and caller, and expires (J5, J6). */
class RequestStatesTest {
  private static final String OLD = "the old secret of the server";
  private static final String NEW = "the new secret of the server";
  private static final StateStore NOTHING_SHARED =
      new StateStore() {
        @Override
        public boolean use(String nonce, Duration life) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<String> keys(String made) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<String> rotate(String made, Duration life) {
          throw new UnsupportedOperationException();
        }
      };
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private final ObjectNode params =
      Json.object("{\"name\":\"book\",\"arguments\":{\"film\":\"M\"}}");

  private static RequestStates states(Instant now, String... keys) {
    return new RequestStates(
        new StateKeys(List.of(keys), null, NOTHING_SHARED, Duration.ofMinutes(10)),
        Duration.ofMinutes(10),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private Call call(String owner) {
    return new Call(
        Call.TOOLS_CALL,
        new Caller(owner),
        IntNode.valueOf(1),
        params,
        null,
        false,
        new Call.Sender(Client.NONE, null, "c1", ""),
        new LegacyDialect(),
        new Wait(),
        new BatchReply(),
        null,
        CallInput.NONE);
  }

  private String state(RequestStates states) {
    return states.of("tools/call", call("zoe"), Map.<String, JsonNode>of("a", IntNode.valueOf(7)));
  }

  @Test
  void whatWasGivenInEarlierRoundsComesBack() {
    RequestStates states = states(NOW, OLD);
    var read = states.read("tools/call", "zoe", params, StringNode.valueOf(state(states)));
    assertThat(read.answers()).containsEntry("a", IntNode.valueOf(7));
    assertThat(read.job()).isNull();
    JobId id = JobId.create(1, 0);
    String ofJob = states.of("tools/call", call("zoe"), id);
    assertThat(states.read("tools/call", "zoe", params, StringNode.valueOf(ofJob)).job())
        .isEqualTo(id);
  }

  @Test
  void j6_itIsBoundToThePrincipalTheMethodAndTheParams() {
    RequestStates states = states(NOW, OLD);
    JsonNode state = StringNode.valueOf(state(states));
    assertRefused(() -> states.read("tools/call", "adam", params, state));
    assertRefused(() -> states.read("prompts/get", "zoe", params, state));
    ObjectNode other = params.deepCopy().put("name", "other");
    assertRefused(() -> states.read("tools/call", "zoe", other, state));
    // Metadata is not part of the request and may differ.
    ObjectNode traced = params.deepCopy();
    traced.putObject("_meta").put("traceparent", "x");
    assertThat(states.read("tools/call", "zoe", traced, state).answers()).hasSize(1);
  }

  @Test
  void j6_itExpires() {
    JsonNode state = StringNode.valueOf(state(states(NOW, OLD)));
    assertThat(states(NOW.plusSeconds(600), OLD).read("tools/call", "zoe", params, state).answers())
        .hasSize(1);
    assertRefused(() -> states(NOW.plusSeconds(601), OLD).read("tools/call", "zoe", params, state));
  }

  @Test
  void keysCanBeChangedOneAfterTheOther() {
    JsonNode old = StringNode.valueOf(state(states(NOW, OLD)));
    assertThat(states(NOW, NEW, OLD).read("tools/call", "zoe", params, old).answers()).hasSize(1);
    JsonNode signedAnew = StringNode.valueOf(state(states(NOW, NEW, OLD)));
    assertThat(states(NOW, NEW).read("tools/call", "zoe", params, signedAnew).answers()).hasSize(1);
    assertRefused(() -> states(NOW, NEW).read("tools/call", "zoe", params, old));
  }

  @Test
  void j5_noByteOfItCanBeChanged() {
    RequestStates states = states(NOW, OLD);
    String good = state(states);
    for (int i = 0; i < good.length(); i++) {
      char other = good.charAt(i) == 'A' ? 'B' : 'A';
      String bad = good.substring(0, i) + other + good.substring(i + 1);
      if (i == good.length() - 1) {
        continue; // the last character of Base64 has unused bits
      }
      assertRefused(() -> states.read("tools/call", "zoe", params, StringNode.valueOf(bad)));
    }
  }

  @Test
  void aShortKeyIsRefused() {
    assertThatThrownBy(() -> states(NOW, "short"))
        .hasMessageContaining("longhaul.mcp.request-state-keys");
  }

  private static void assertRefused(Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.error().code()).isEqualTo(-32602));
  }
}
