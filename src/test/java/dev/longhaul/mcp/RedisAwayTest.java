package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** While Redis is unreachable, every front door reports this, with the time to try again. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class RedisAwayTest {
  private static final String JOB = "0000000000" + "00" + "00000000000000000000000000";
  private static final String SUBMISSION =
      "{\"method\":\"tools/call\",\"params\":{\"name\":\"wait_for_test\",\"arguments\":{}}}";

  // Spring Boot pools connections if the host application has commons-pool2.
  @ParameterizedTest(name = "pooled connections: {0}")
  @ValueSource(booleans = {false, true})
  void everyFrontDoorSaysThatItIsAwayAndWhenToTryAgain(boolean pooled, CapturedOutput output) {
    try (var redis = TestRedis.start();
        var application =
            new SpringApplicationBuilder(LonghaulApplication.class, LegacyToolbox.class)
                .run(
                    "--server.port=0",
                    "--server.address=127.0.0.1",
                    "--spring.threads.virtual.enabled=true",
                    "--spring.data.redis.url=" + redis.url(),
                    "--spring.data.redis.lettuce.pool.enabled=" + pooled,
                    "--longhaul.redis.command-timeout=40s",
                    "--longhaul.standalone=true")) {
      var http =
          new McpHttp(
              application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
      String session = http.initialize("2025-11-25", "test");
      String busy = http.initialize("2025-11-25", "test");
      for (int i = 0; i < 20; i++) {
        assertThat(ping(http, busy).status()).isEqualTo(200);
      }
      redis.kill();

      // The session is cached, so the call itself fails.
      saysInTheAnswer(
          http.legacy(busy, "tools/call", McpHttp.callParams("wait_for_test", "{}")).send());
      saysInTheAnswer(http.modernCall("wait_for_test", "{}").send());
      ObjectNode task = McpHttp.declaringTasks(Replies.object().put("taskId", JOB));
      saysInTheAnswer(http.modern("tasks/get", task).send());

      // Here reading the session fails, and beginning one.
      saysInTheAnswer(ping(http, session));
      saysInTheAnswer(http.raw(McpHttp.request(0, "initialize", beginning()).toString()).send());

      // Requests without a JSON-RPC response.
      String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}";
      saysByItsStatus(inSession(http.raw(notification), session));
      saysByItsStatus(inSession(http.raw("").method("GET"), session));
      saysByItsStatus(inSession(http.raw("").method("DELETE"), session));
      saysByItsStatus(http.at("/sse").raw("").method("GET").header("Content-Type", null).send());

      saysOverRest(http.at("/api/v1/jobs").raw(SUBMISSION).send());
      for (String read :
          new String[] {"jobs/" + JOB, "jobs", "batches/" + JOB, "queues", "statistics"}) {
        saysOverRest(http.at("/api/v1/" + read).raw("").method("GET").send());
      }
      // Health alone answers as always.
      McpHttp.Answer health = http.at("/api/v1/health").raw("").method("GET").send();
      assertThat(health.status()).isEqualTo(200);
      assertThat(health.json().path("status").asString()).isEqualTo("unhealthy");
      assertThat(health.json().path("metrics").size()).isEqualTo(5);
      assertThat(health.json().path("metrics")).allMatch(JsonNode::isNull);
      assertThat(health.json().path("timestamp").asString()).isNotEmpty();
    }
    // Lettuce may be connecting again when its threads end; Netty then says that nobody is told.
    assertThat(
            output
                .getAll()
                .lines()
                .filter(line -> line.contains(" ERROR "))
                .filter(line -> !line.contains("Event loop shut down?")))
        .isEmpty();
  }

  private static McpHttp.Answer ping(McpHttp http, String session) {
    return http.legacy(session, "ping", Replies.object()).send();
  }

  private static McpHttp.Answer inSession(McpHttp.Builder request, String session) {
    return request.header("Mcp-Session-Id", session).send();
  }

  private static ObjectNode beginning() {
    return Json.object(
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
  }

  private static void saysInTheAnswer(McpHttp.Answer answer) {
    assertThat(answer.status()).as(answer.text).isEqualTo(200);
    saysUnavailable(answer);
  }

  private static void saysByItsStatus(McpHttp.Answer answer) {
    assertThat(answer.status()).as(answer.text).isEqualTo(503);
    assertThat(answer.response.headers().firstValue("Retry-After")).hasValue("5");
    saysUnavailable(answer);
  }

  private static void saysUnavailable(McpHttp.Answer answer) {
    assertThat(answer.code()).as(answer.text).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(answer.json().at("/error/data/retryAfterSeconds").asInt()).isEqualTo(5);
  }

  private static void saysOverRest(McpHttp.Answer answer) {
    assertThat(answer.status()).as(answer.text).isEqualTo(503);
    assertThat(answer.response.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(answer.text).contains("urn:longhaul:problem:unavailable");
  }
}
