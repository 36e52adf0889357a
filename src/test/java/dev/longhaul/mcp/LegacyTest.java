package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Replies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class LegacyTest extends McpTest {
  @Autowired private StringRedisTemplate redis;

  @ParameterizedTest
  @CsvSource({
    "2025-11-25,2025-11-25",
    "2025-06-18,2025-06-18",
    "2025-03-26,2025-03-26",
    "2024-11-05,2025-11-25",
    "2026-07-28,2025-11-25"
  })
  void initializeAgreesOnARevisionAndBeginsASession(String asked, String agreed) {
    ObjectNode params = Replies.object().put("protocolVersion", asked);
    params.putObject("capabilities");
    Answer answer = http.raw(McpHttp.request(0, "initialize", params).toString()).send();
    JsonNode result = answer.result();
    assertThat(result.path("protocolVersion").asString()).isEqualTo(agreed);
    JsonNode capabilities = result.path("capabilities");
    assertThat(capabilities.path("tools").path("listChanged").asBoolean()).isTrue();
    assertThat(capabilities.path("prompts").path("listChanged").asBoolean()).isTrue();
    assertThat(capabilities.path("resources").toString())
        .isEqualTo("{\"subscribe\":true,\"listChanged\":true}");
    assertThat(capabilities.has("completions")).isTrue();
    assertThat(capabilities.has("logging")).isTrue();
    assertThat(capabilities.has("tasks")).isEqualTo(agreed.equals("2025-11-25"));
    assertThat(capabilities.has("extensions")).isFalse();
    assertThat(result.has("resultType")).isFalse();
    assertThat(answer.response.headers().firstValue("Mcp-Session-Id").orElse(""))
        .matches("[!-~]{22,}");
  }

  @Test
  void pingIsAnsweredWithNothing() {
    String session = http.initialize("2025-11-25", "test");
    Answer answer = http.legacy(session, "ping", Replies.object()).send();
    assertThat(answer.text).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
  }

  @Test
  void notificationsAndResponsesAreTaken() {
    String session = http.initialize("2025-11-25", "test");
    for (String body :
        new String[] {
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}"
        }) {
      Answer answer = http.raw(body).header("Mcp-Session-Id", session).send();
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.text).isEmpty();
    }
  }

  @Test
  void aSessionIsRequiredKnownAndEnded() {
    assertThat(http.raw(McpHttp.request(1, "ping", Replies.object()).toString()).send().status())
        .isEqualTo(400);
    assertThat(http.legacy("unknown", "ping", Replies.object()).send().status()).isEqualTo(404);

    String session = http.initialize("2025-11-25", "test");
    Answer ended = http.raw("").method("DELETE").header("Mcp-Session-Id", session).send();
    assertThat(ended.status()).isEqualTo(204);
    assertThat(http.legacy(session, "ping", Replies.object()).send().status()).isEqualTo(404);
    Answer again = http.raw("").method("DELETE").header("Mcp-Session-Id", session).send();
    assertThat(again.status()).isEqualTo(404);
  }

  @Test
  void everySessionKeyHasATimeToLive() {
    http.initialize("2025-11-25", "test");
    var keys = redis.keys("*:mcp:session:*");
    assertThat(keys).isNotEmpty();
    for (String key : keys) {
      assertThat(redis.getExpire(key)).isPositive();
    }
  }

  @Test
  void anUnsupportedVersionHeaderIsRefused() {
    String session = http.initialize("2025-11-25", "test");
    Answer answer =
        http.legacy(session, "ping", Replies.object())
            .header("MCP-Protocol-Version", "1999-01-01")
            .send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(
            http.legacy(session, "ping", Replies.object())
                .header("MCP-Protocol-Version", "2025-11-25")
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void anUnknownMethodIsAnErrorWithStatus200() {
    String session = http.initialize("2025-11-25", "test");
    Answer answer = http.legacy(session, "no/such", Replies.object()).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.code()).isEqualTo(-32601);
  }

  @Test
  void getWithoutASessionIsNotAllowed() {
    Answer answer = http.raw("").method("GET").header("Accept", "text/event-stream").send();
    assertThat(answer.status()).isEqualTo(405);
  }

  @Test
  void batchesExistOnOneRevisionOnly() {
    String batch =
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"method\":\"no/such\"},5]";
    String old = http.initialize("2025-03-26", "test");
    JsonNode answers = http.raw(batch).header("Mcp-Session-Id", old).send().json();
    assertThat(answers.isArray()).isTrue();
    assertThat(answers.size()).isEqualTo(3);
    assertThat(answers.get(0).path("result").isObject()).isTrue();
    assertThat(answers.get(1).path("error").path("code").asInt()).isEqualTo(-32601);
    assertThat(answers.get(1).path("id").asString()).isEqualTo("2");
    assertThat(answers.get(2).path("error").path("code").asInt()).isEqualTo(-32600);

    String newer = http.initialize("2025-06-18", "test");
    Answer refused = http.raw(batch).header("Mcp-Session-Id", newer).send();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo(-32600);
  }

  @Test
  void p6_aClientThatLeavesHasCancelledNothing() {
    String session = http.initialize("2025-11-25", "test");
    JobId left;
    try (var stream = http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")).open()) {
      left = intake.nextSubmitted();
      assertThat(stream.line()).startsWith("id: ");
    }
    // A modern client disconnects later; when that is noticed, the first disconnect was noticed,
    // too.
    JobId second;
    try (var stream = http.modernCall("slow", "{}").open()) {
      second = intake.nextSubmitted();
      assertThat(stream.line()).isEqualTo(":");
    }
    assertThat(FakeIntake.take(intake.abandoned)).isEqualTo(second).isNotEqualTo(left);
    // The job continues, because the client may resume.
    intake.finish(left, new Outcome.Answered(FakeIntake.text("late"), false));
  }
}
