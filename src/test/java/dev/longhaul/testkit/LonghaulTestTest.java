package dev.longhaul.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.testsupport.CalledJob;
import dev.longhaul.testsupport.LonghaulClient;
import dev.longhaul.testsupport.LonghaulTest;
import dev.longhaul.testsupport.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

/** The annotation that starts Longhaul for tests of users. */
@LonghaulTest(
    tools = ReportTools.class,
    properties = {
      "longhaul.tools.fails.attempts=1",
      // A setting for production; the Redis of the test is used instead.
      "spring.data.redis.url=redis://redis.invalid:6379"
    })
@DirtiesContext
class LonghaulTestTest {
  @Autowired private LonghaulClient longhaul;
  @Autowired private JobQueue jobs;
  @Autowired private TestClock clock;

  @Test
  void aToolIsCalledOverHttpAndItsResultComesBack() {
    CalledJob called = longhaul.call("report", Map.of("month", "2026-10"));
    assertThat(called.state()).isEqualTo("completed");
    assertThat(called.text()).startsWith("12 orders in 2026-10.");
    assertThat(called.structured().path("data").path("orders").asInt()).isEqualTo(12);
    assertThat(called.isError()).isFalse();
    assertThat(called.job().path("tool").asString()).isEqualTo("report");
    assertThat(called.errorCode()).isEmpty();
  }

  @Test
  void aFailureIsReadAndSaysWhatItIs() {
    CalledJob called = longhaul.call("fails", Map.of());
    assertThat(called.state()).isEqualTo("dead");
    assertThat(called.errorCode()).isEqualTo("TOOL_FAILED");
    assertThatThrownBy(called::text)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is dead")
        .hasMessageContaining("the disk is full");
  }

  @Test
  void aRefusedCallFailsTheTestWithTheAnswer() {
    assertThatThrownBy(() -> longhaul.submit("report", Map.of("month", 10)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("The call of report was refused: 4")
        .hasMessageContaining("month");
  }

  @Test
  void aCallThatDoesNotEndFailsTheTestWithTheJob() {
    String id = longhaul.submit("report", Map.of("month", "2026-10"), Map.of("held", true));
    assertThat(longhaul.job(id).path("state").asString()).isEqualTo("held");
    assertThatThrownBy(() -> longhaul.await(id, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("has not ended")
        .hasMessageContaining("\"held\"");
    assertThat(longhaul.post("/api/v1/jobs/" + id + "/start", Map.of()).statusCode())
        .isEqualTo(200);
    assertThat(longhaul.await(id, Duration.ofMinutes(1)).state()).isEqualTo("completed");
  }

  // The example of docs/testing.md.
  @Test
  void aDelayedReportRunsAnHourLater() {
    String id =
        longhaul.submit("report", Map.of("month", "2026-10"), Map.of("delay_seconds", 3600));
    assertThat(longhaul.job(id).path("state").asString()).isEqualTo("scheduled");
    clock.advance(Duration.ofHours(1));
    assertThat(longhaul.await(id, Duration.ofMinutes(1)).state()).isEqualTo("completed");
  }

  @Test
  void aRetryIsDueWhenTheClockIsMoved() {
    String id =
        longhaul.submit(
            "fails",
            Map.of(),
            Map.of("max_attempts", 2, "backoff_seconds", List.of(3600), "deadline_seconds", 9000));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> longhaul.job(id).path("state").asString().equals("scheduled"));
    clock.advance(Duration.ofHours(1));
    CalledJob ended = longhaul.await(id, Duration.ofMinutes(1));
    assertThat(ended.state()).isEqualTo("dead");
    assertThat(ended.job().path("attempt").asInt()).isEqualTo(2);
  }

  @Test
  void aDeadlineIsOverWhenTheClockIsMoved() {
    longhaul.post("/api/v1/queues/default/pause", Map.of());
    String id =
        longhaul.submit("report", Map.of("month", "2026-10"), Map.of("deadline_seconds", 3600));
    clock.advance(Duration.ofHours(1));
    CalledJob ended = longhaul.await(id, Duration.ofMinutes(1));
    longhaul.post("/api/v1/queues/default/resume", Map.of());
    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.errorCode()).contains("DEADLINE_EXCEEDED");
  }

  @Test
  void theApplicationsBeansAreInjected(@Autowired LonghaulClient parameter) {
    assertThat(parameter).isSameAs(longhaul);
    assertThat(jobs.depths().held()).isZero();
    assertThat(longhaul.get("/api/v1/tools").body()).contains("\"report\"");
    assertThat(longhaul.mcpUrl()).hasPath("/mcp").hasHost("127.0.0.1");
    assertThat(longhaul.with("X-Test", "1").baseUrl()).isEqualTo(longhaul.baseUrl());
  }
}
