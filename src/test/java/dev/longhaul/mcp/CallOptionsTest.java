package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Options of a call in its _meta, for clients of all revisions. */
class CallOptionsTest extends McpTest {

  @Test
  void theKeysAreReadInBothErasAndStayWhereTheToolSeesThem() {
    String meta =
        """
        {"dev.longhaul/priority": "high", "dev.longhaul/delay_seconds": 0.5,
         "dev.longhaul/timeout_seconds": 90, "dev.longhaul/deadline_seconds": 600,
         "dev.longhaul/max_attempts": 2, "dev.longhaul/backoff_seconds": [1, 2],
         "dev.longhaul/idempotency_key": "k", "dev.longhaul/concurrency": 3,
         "dev.longhaul/rate": "5/s", "dev.longhaul/callback_url": "https://a.example.com/x",
         "dev.longhaul/notify": ["event", "log"], "example.com/trace": "t"}
        """;
    JobOptions expected =
        JobOptions.builder()
            .priority(Priority.HIGH)
            .delay(Duration.ofMillis(500))
            .timeout(Duration.ofSeconds(90))
            .deadline(Duration.ofMinutes(10))
            .maxAttempts(2)
            .backoff(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)))
            .idempotencyKey("k")
            .concurrency(3)
            .rate(new Rate(5, Duration.ofSeconds(1)))
            .callbackUrl("https://a.example.com/x")
            .channels(List.of("event", "log"))
            .build();
    String session = http.initialize("2025-11-25", "test");
    for (McpHttp.Builder call :
        List.of(
            http.modern("tools/call", params("quick", meta)),
            http.legacy(session, "tools/call", params("quick", meta)))) {
      assertThat(call.send().result().path("isError").asBoolean()).isFalse();
      var submission = FakeIntake.take(intake.submissions);
      assertThat(submission.options()).isEqualTo(expected);
      assertThat(submission.params().path("_meta").propertyNames())
          .contains("dev.longhaul/priority", "example.com/trace")
          .noneMatch(name -> name.startsWith("io.modelcontextprotocol/"));
    }
  }

  @Test
  void timesAreInstants() {
    String meta =
        """
        {"dev.longhaul/run_at": "2026-12-24T18:00:00Z", "dev.longhaul/priority": -5,
         "dev.longhaul/retry_until": "2026-12-24T21:00:00+01:00"}
        """;
    http.modern("tools/call", params("quick", meta)).send();
    assertThat(FakeIntake.take(intake.submissions).options())
        .isEqualTo(
            JobOptions.builder()
                .priority(new Priority(-5))
                .runAt(Instant.parse("2026-12-24T18:00:00Z"))
                .retryUntil(Instant.parse("2026-12-24T20:00:00Z"))
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "priority        | \"soon\"",
        "priority        | 1.5",
        "delay_seconds   | -1",
        "delay_seconds   | \"10\"",
        "run_at          | \"tomorrow\"",
        "timeout_seconds | 0",
        "max_attempts    | 101",
        "idempotency_key | 7",
        "backoff_seconds | 5",
        "concurrency     | 0",
        "rate            | 10",
        "held            | true",
        "priorty         | \"high\""
      })
  void aBadValueIsRefusedByItsNameBeforeAnythingIsStored(String key, String value) {
    String meta = "{\"dev.longhaul/" + key + "\":" + value + "}";
    String session = http.initialize("2025-11-25", "test");
    for (McpHttp.Builder call :
        List.of(
            http.modern("tools/call", params("quick", meta)),
            http.legacy(session, "tools/call", params("quick", meta)),
            http.modern("tools/call", params("inline_echo", meta)))) {
      Answer answer = call.send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.code()).isEqualTo(-32602);
      var error = answer.json().path("error");
      assertThat(error.path("message").asString()).contains("_meta[\"dev.longhaul/" + key + "\"]");
      assertThat(error.path("data").path("violations").path(0).path("path").asString())
          .isEqualTo("/_meta/dev.longhaul~1" + key);
    }
    assertThat(intake.submissions).isEmpty();
  }

  @Test
  void aCallWithAKeyGoesOnWhenItsClientLeaves() {
    try (var stream =
        http.modern("tools/call", params("slow", "{\"dev.longhaul/idempotency_key\":\"k\"}"))
            .open()) {
      intake.nextSubmitted();
      assertThat(stream.line()).isEqualTo(":");
    }
    // A client without the option disconnects later; when that is noticed, the first disconnect was
    // noticed, too.
    var second = leave(http.modernCall("slow", "{}"));
    assertThat(FakeIntake.take(intake.abandoned)).isEqualTo(second);
  }

  private dev.longhaul.job.JobId leave(McpHttp.Builder call) {
    try (var stream = call.open()) {
      var id = intake.nextSubmitted();
      assertThat(stream.line()).isEqualTo(":");
      return id;
    }
  }

  private static ObjectNode params(String tool, String meta) {
    ObjectNode params = McpHttp.callParams(tool, "{}");
    params.set("_meta", Json.tree(meta));
    return params;
  }
}
