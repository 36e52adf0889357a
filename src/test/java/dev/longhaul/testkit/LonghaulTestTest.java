package dev.longhaul.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.testsupport.CalledJob;
import dev.longhaul.testsupport.LonghaulClient;
import dev.longhaul.testsupport.LonghaulTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

/** The annotation that boots Longhaul, as the tests of a user have it. */
@LonghaulTest(
    tools = ReportTools.class,
    properties = {
      "longhaul.tools.fails.attempts=1",
      // What an application has for production; the test's own Redis wins.
      "spring.data.redis.url=redis://redis.invalid:6379"
    })
@DirtiesContext
class LonghaulTestTest {
  @Autowired private LonghaulClient longhaul;
  @Autowired private JobQueue jobs;

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

  @Test
  void theApplicationsBeansAreInjected(@Autowired LonghaulClient parameter) {
    assertThat(parameter).isSameAs(longhaul);
    assertThat(jobs.depths().held()).isZero();
    assertThat(longhaul.get("/api/v1/tools").body()).contains("\"report\"");
    assertThat(longhaul.mcpUrl()).hasPath("/mcp").hasHost("127.0.0.1");
    assertThat(longhaul.with("X-Test", "1").baseUrl()).isEqualTo(longhaul.baseUrl());
  }
}
