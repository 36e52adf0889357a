package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ResultTruncationTest {
  /** The largest event that the Python client accepts. */
  private static final int EVENT = 1_048_576;

  private static final JobId ID = JobId.create(1, 0);

  // The default of longhaul.mcp.max-result-size.
  private final ResultTruncation cut = new ResultTruncation(900 * 1024);

  private static Outcome answered(String text) {
    ObjectNode result = ToolResults.text(text);
    return new Outcome.Answered(Json.text(result), false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u0001", "\"", "🚚"})
  void whatIsSentOfALargeResultFitsIntoAnEvent(String one) {
    for (int size : new int[] {100_000, 150_000, 230_000, 460_000, 921_000, 3_000_000}) {
      ObjectNode sent = cut.of(ID, answered(one.repeat(size)));
      String event = "event: message\ndata: " + Json.text(Replies.result(Json.tree("1"), sent));
      assertThat(event.getBytes(StandardCharsets.UTF_8).length).isLessThan(EVENT - 50_000);
    }
  }

  @Test
  void ofAResultWithoutTextTheStructuredContentIsPaged() {
    ObjectNode result = Replies.object();
    result.putObject("structuredContent").put("rows", "x".repeat(1_000_000));
    ObjectNode sent = cut.of(ID, new Outcome.Answered(Json.text(result), false));
    assertThat(sent.path("content").path(0).path("text").asString()).startsWith("{\"rows\":\"xxx");
    assertThat(sent.at("/_meta/dev.longhaul~1result/next/arguments/pointer").asString())
        .isEqualTo("/structuredContent");
    assertThat(sent.at("/_meta/dev.longhaul~1result/next/arguments/offset").asInt())
        .isEqualTo(ResultTruncation.PAGE);
  }

  @Test
  void whatCouldNotBeKeptIsCutAllTheSameAndSaysSo() {
    ObjectNode sent = cut.of(answered("x".repeat(1_000_000)), Optional::empty);
    assertThat(sent.path("content").path(0).path("text").asString()).hasSize(ResultTruncation.PAGE);
    assertThat(sent.path("content").path(1).path("text").asString()).contains("ask the tool");
    assertThat(sent.at("/_meta/dev.longhaul~1result").has("next")).isFalse();
  }
}
