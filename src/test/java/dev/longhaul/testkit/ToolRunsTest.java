package dev.longhaul.testkit;

import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.testsupport.ToolRunResult;
import dev.longhaul.testsupport.ToolRuns;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import reactor.core.publisher.Mono;

/** Running a tool in a test, without a server and without Redis. */
class ToolRunsTest {
  private static final ToolRuns RUNS = ToolRuns.of(new ReportTools());

  @AfterAll
  static void close() {
    RUNS.close();
  }

  @Test
  void aResultHasItsTextAndItsStructuredContent() {
    ToolRunResult result = ToolRuns.run(new ReportTools(), "report", Map.of("month", "2026-10"));

    assertThat(result.isError()).isFalse();
    assertThat(result.text()).startsWith("12 orders in 2026-10.");
    assertThat(result.structured().path("data").path("orders").asInt()).isEqualTo(12);
    assertThat(result.structured().path("timing").path("timeout_seconds").asDouble())
        .isBetween(299.0, 300.0);
    assertThat(result.progress()).containsExactly(new Progress(0.5, "half of 2026-10"));
    assertThat(result.wouldBeRetried()).isFalse();
  }

  @Test
  void argumentsThatBreakTheSchemaRunNothing() {
    assertThatThrownBy(() -> RUNS.tool("report").run(Map.of("month", 10)))
        .satisfies(refused(Refusal.InvalidArguments.class))
        .hasMessageContaining("report")
        .hasMessageContaining("/month");
  }

  @Test
  void anUnknownToolIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> RUNS.tool("rapport"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'rapport'")
        .hasMessageContaining("report");
  }

  @Test
  void theToolSeesTheCallThatTheTestDescribes() {
    String id = "01m806557t00n411sdt1v0zjw9jsvqbn2e4x6v";
    ToolRunResult result = RUNS.tool("hello").caller("zoe").id(id).attempt(3).run();
    assertThat(result.text()).isEqualTo("zoe " + id + " 3");
  }

  @Test
  void whatItSaysIsKept() {
    ToolRunResult result = RUNS.tool("talks").run();
    assertThat(result.progress()).containsExactly(new Progress(0.75, "three of four"));
    assertThat(result.logs()).extracting(JobLog::level, JobLog::data).hasSize(1);
    assertThat(result.logs().getFirst().data()).contains("working");
  }

  @Test
  void theTestAnswersForTheClient() {
    ToolRunResult booked = RUNS.tool("books").accepting(Map.of("seats", 4)).run();
    assertThat(booked.text()).contains("4 seats booked");
    assertThat(booked.asked()).hasSize(1);
    assertThat(booked.asked().getFirst().params().path("message").asString())
        .isEqualTo("How many seats?");
    assertThat(RUNS.tool("books").declining().run().text()).contains("nothing booked");
  }

  @Test
  void aClientThatCannotBeAskedIsRefused() {
    ToolRunResult result = RUNS.tool("books").run();
    assertThat(result.outcome()).isInstanceOf(Outcome.Refused.class);
    assertThatThrownBy(result::text)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("books has no result: it refused the call with -32021");
  }

  @Test
  void anAnswerThatProductionWouldRefuseFailsTheTest() {
    assertThatThrownBy(() -> RUNS.tool("books").accepting(Map.of("seats", "four")).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("would have been refused")
        .hasMessageContaining("/seats");
  }

  @Test
  void aCancelledToolLeavesWhatItHad() {
    ToolRunResult result =
        RUNS.tool("counts")
            .cancelWhen(said -> Double.valueOf(0.5).equals(said.fraction()))
            .run(Map.of("to", 10));
    assertThat(result.outcome())
        .isEqualTo(new Outcome.Cancelled(new Partial("{\"counted\":5}", 5L, 10L)));
    assertThat(result.partial()).isEqualTo(new Partial("{\"counted\":5}", 5L, 10L));
    assertThat(Thread.interrupted()).as("the test's own thread").isFalse();

    ToolRunResult atOnce = RUNS.tool("counts").cancelled().run(Map.of("to", 10));
    assertThat(atOnce.partial()).isEqualTo(new Partial("{\"counted\":1}", 1L, 10L));
  }

  @Test
  void aToolThatTakesTooLongIsInterrupted() {
    ToolRunResult result = RUNS.tool("hangs").run();
    assertThat(result.error()).isEqualTo(JobError.timeout(100));
    assertThat(result.partial()).isEqualTo(new Partial("{\"begun\":true}", null, null));
    assertThatThrownBy(result::result)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("it failed for good with TIMEOUT");
    assertThat(RUNS.tool("hangs").timeout(Duration.ofMillis(50)).run().error())
        .isEqualTo(JobError.timeout(50));
  }

  @Test
  void anExceptionIsWhatAWorkerMakesOfIt() {
    ToolRunResult failed = RUNS.tool("fails").run();
    assertThat(failed.outcome()).isInstanceOf(Outcome.GivenUp.class);
    assertThat(failed.error()).isNotNull();
    assertThat(failed.error().type()).isEqualTo("IOException");
    assertThat(failed.error().message()).isEqualTo("the disk is full");
    assertThat(failed.wouldBeRetried()).isTrue();
    assertThat(RUNS.tool("fails").attempt(3).run().wouldBeRetried()).isFalse();
    assertThat(failed)
        .hasToString("fails: it failed with TOOL_FAILED (IOException: the disk is full)");

    ToolRunResult never = RUNS.tool("never").run();
    assertThat(never.outcome()).isInstanceOf(Outcome.Failed.class);
    assertThat(never.wouldBeRetried()).isFalse();
  }

  @Test
  void settingsAreReadAsInProduction() {
    try (var runs =
        ToolRuns.with(Map.of("longhaul.tools.fails.attempts", "1"), new ReportTools())) {
      assertThat(runs.tool("fails").run().wouldBeRetried()).isFalse();
    }
  }

  @Test
  void aToolMadeByHandRunsToo() {
    var tool = Tools.queued("handmade", call -> Tools.text("by hand"));
    assertThat(ToolRuns.run(tool, "handmade", Map.of()).text()).isEqualTo("by hand");
  }

  /** A tool that cannot be served. */
  static class Reactive {
    @McpTool(name = "reactive", description = "Answers later")
    Mono<String> reactive() {
      return Mono.just("later");
    }
  }

  @Test
  void aBeanThatProductionWouldNotServeIsRefused() {
    assertThatThrownBy(() -> ToolRuns.of(new Reactive()))
        .hasStackTraceContaining("Reactive.reactive")
        .hasStackTraceContaining("reactive Mono");
  }
}
