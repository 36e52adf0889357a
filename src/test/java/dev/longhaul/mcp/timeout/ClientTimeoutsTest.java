package dev.longhaul.mcp.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.tool.Client;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ClientTimeoutsTest {
  private static final Duration HOLD = Duration.ofSeconds(50);
  private final ClientTimeouts patience =
      new ClientTimeouts(
          HOLD,
          new ClientNames<>(Map.of("told*", Duration.ofSeconds(7))),
          new ClientNames<>(
              Map.of("known - *", Duration.ofSeconds(20), "quick", Duration.ofSeconds(2))),
          new Memory(),
          Clock.fixed(Instant.parse("2026-11-29T08:00:00Z"), ZoneOffset.UTC));

  /** A store in memory. */
  private static final class Memory implements ClientTimeoutStore {
    private final Map<String, LearnedTimeout> kept = new HashMap<>();

    @Override
    public Optional<LearnedTimeout> find(String owner, ClientKey client) {
      return Optional.ofNullable(kept.get(owner + client));
    }

    @Override
    public Map<ClientKey, LearnedTimeout> all(String owner) {
      return Map.of();
    }

    @Override
    public void put(String owner, ClientKey client, LearnedTimeout learnt) {
      kept.put(owner + client, learnt);
    }

    @Override
    public void remove(String owner, ClientKey client) {
      kept.remove(owner + client);
    }
  }

  private static Client client(@Nullable String name, String version) {
    var none = JsonNodeFactory.instance.objectNode();
    return new Client("2025-11-25", none, name, version, null, Map.of());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private Duration hold(String name) {
    return patience.hold("zoe", client(name, "1"), null);
  }

  @ParameterizedTest
  @CsvSource({
    // client, the tool's hold, the resulting hold
    "other,          ,     50",
    "other,          10,   10",
    "other,          120,  120",
    "told by us,     10,   7",
    "told by us,     120,  7",
    "known - one,    ,     16",
    "known - one,    10,   10",
    "quick,          ,     3",
  })
  void theOperatorsWordWinsElseTheLeastOfAllThatIsKnown(
      String name, @Nullable Integer toolHold, int held) {
    Duration hold = toolHold == null ? null : Duration.ofSeconds(toolHold);
    assertThat(patience.hold("zoe", client(name, "1"), hold)).isEqualTo(Duration.ofSeconds(held));
  }

  @Test
  void twoLeavesAtAboutTheSameTimeAreALimit() {
    patience.left("zoe", client("mcp", "1"), seconds(10));
    assertThat(hold("mcp")).isEqualTo(HOLD);
    patience.left("zoe", client("mcp", "1"), seconds(10.5));
    assertThat(hold("mcp")).isEqualTo(seconds(8));
    assertThat(patience.gaveUp("zoe", client("mcp", "1"), seconds(10.9))).isTrue();
    assertThat(patience.gaveUp("zoe", client("mcp", "1"), seconds(20))).isFalse();
    // Nothing is known of another version, or of the same client of another caller.
    assertThat(patience.hold("zoe", client("mcp", "2"), null)).isEqualTo(HOLD);
    assertThat(patience.hold("ann", client("mcp", "1"), null)).isEqualTo(HOLD);
  }

  @Test
  void leavesAtDifferentTimesOrAtOnceAreNone() {
    patience.left("zoe", client("mcp", "1"), seconds(10));
    patience.left("zoe", client("mcp", "1"), seconds(30));
    patience.left("zoe", client("mcp", "1"), seconds(10));
    assertThat(hold("mcp")).isEqualTo(HOLD);
    patience.left("zoe", client("user", "1"), seconds(3));
    patience.left("zoe", client("user", "1"), seconds(3));
    assertThat(hold("user")).isEqualTo(HOLD);
  }

  @Test
  void aCallThatIsAnsweredLaterShowsThatTheLimitIsNone() {
    patience.left("zoe", client("mcp", "1"), seconds(5));
    patience.left("zoe", client("mcp", "1"), seconds(5));
    assertThat(hold("mcp")).isEqualTo(seconds(4));
    patience.answered("zoe", client("mcp", "1"), seconds(4.5));
    assertThat(hold("mcp")).isEqualTo(seconds(4));
    patience.answered("zoe", client("mcp", "1"), seconds(6));
    assertThat(hold("mcp")).isEqualTo(HOLD);
  }

  @Test
  void oneThatWaitsLongerThanTheLimitShowsThatItIsNone() {
    patience.left("zoe", client("mcp", "1"), seconds(5));
    patience.left("zoe", client("mcp", "1"), seconds(5));
    patience.left("zoe", client("mcp", "1"), seconds(20));
    assertThat(hold("mcp")).isEqualTo(HOLD);
  }

  @Test
  void whatWeKnowOfClientsCanBeRead() {
    var known = KnownClients.limits();
    assertThat(known.find("Java SDK MCP Client")).contains(Duration.ofSeconds(20));
    assertThat(known.find("spring-ai-mcp-client - server1")).contains(Duration.ofSeconds(20));
    assertThat(known.find("Java-http-client")).contains(Duration.ofSeconds(20));
    assertThat(known.find("spring-ai")).isEmpty();
  }

  @Test
  void theExactNameWinsThenTheLongestBeginning() {
    var names = new ClientNames<>(Map.of("a*", 1, "ab*", 2, "abc", 3));
    assertThat(names.find("abc")).contains(3);
    assertThat(names.find("abd")).contains(2);
    assertThat(names.find("axx")).contains(1);
    assertThat(names.find("b")).isEmpty();
  }

  @Test
  void longNamesAreCut() {
    var key = new ClientKey("x".repeat(99) + "😀", "y".repeat(1000));
    assertThat(key.name()).isEqualTo("x".repeat(99));
    assertThat(key.version()).hasSize(100);
  }

  @Test
  void leavesLimitsAndEarlyHandOversAreCounted() {
    Client known = client("known - x", "1");
    patience.handedOver("zoe", known, seconds(16)); // 20 s minus a fifth
    patience.handedOver("zoe", known, seconds(10)); // the tool's own hold
    patience.handedOver("zoe", client("told you", "1"), seconds(7)); // the operator's
    patience.handedOver("zoe", client("stranger", "1"), seconds(50)); // the general one
    assertThat(patience.handedOverEarly()).isEqualTo(1);

    Client learner = client("learner", "1");
    patience.left("zoe", learner, seconds(2));
    patience.left("zoe", learner, seconds(30));
    assertThat(patience.limitsLearnt()).isZero();
    patience.left("zoe", learner, seconds(31));
    patience.left("zoe", learner, seconds(30));
    assertThat(patience.leaves()).isEqualTo(3);
    assertThat(patience.limitsLearnt()).isEqualTo(1);
    patience.handedOver("zoe", learner, seconds(24));
    assertThat(patience.handedOverEarly()).isEqualTo(2);
  }

  @Test
  void aNameHasNoControlCharacters() {
    assertThat(new ClientKey("a\nb", "1\r\u0000")).isEqualTo(new ClientKey("a b", "1  "));
  }
}
