package dev.longhaul.testkit;

import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Executed;
import dev.longhaul.intake.JobFailedException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.JobsFilter;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.testsupport.DispatchedJob;
import dev.longhaul.testsupport.FakeJobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** The fake dispatcher for tests of users. */
class FakeJobsTest {
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final JobError ERROR = new JobError("NO_DATA", "input", "no such month", "ask");

  record Report(String month, int orders) {}

  private final FakeJobs jobs = new FakeJobs();

  private static Map<String, String> month(int number) {
    return Map.of("month", "2026-" + number);
  }

  private static Map<String, Object> call(String tool, Map<String, ?> arguments) {
    return Map.of("name", tool, "arguments", arguments);
  }

  @Test
  void whatWasDispatchedIsFound() {
    Job job = jobs.call("report", month(10));
    jobs.call("report", month(11), JobOptions.builder().held(true).build());

    DispatchedJob first = jobs.assertDispatched("report");
    assertThat(first.id()).isEqualTo(job.id());
    assertThat(first.caller()).isEqualTo(Caller.APPLICATION);
    assertThat(first.argument("month").asString()).isEqualTo("2026-10");
    DispatchedJob second =
        jobs.assertDispatched(
            "report", arguments -> arguments.path("month").asString().endsWith("11"));
    assertThat(second.options().start().held()).isTrue();
    assertThat(jobs.assertDispatched("report", month(11))).isEqualTo(second);
    jobs.assertDispatchedTimes("report", 2);
    jobs.assertDispatchedTimes("refund", 0);
    jobs.assertNotDispatched("refund");
    jobs.assertNotDispatched("report", arguments -> arguments.isEmpty());
    assertThat(jobs.dispatched()).containsExactly(first, second);

    jobs.clear();
    jobs.assertNothingDispatched();
  }

  @Test
  void aFailedAssertionListsWhatWasDispatched() {
    assertThatThrownBy(() -> jobs.assertDispatched("report"))
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessage("Expected a job of report, but there was none. Nothing was dispatched.");
    jobs.call("report", month(10));
    jobs.dispatch("resources/read", Map.of("uri", "file:///a"));
    String list =
        """
         Dispatched, in order:
        - report {"month":"2026-10"}
        - resources/read {"uri":"file:///a"}\
        """;

    assertThatThrownBy(() -> jobs.assertDispatched("refund"))
        .hasMessage("Expected a job of refund, but there was none." + list);
    assertThatThrownBy(() -> jobs.assertDispatched("refund", month(10)))
        .hasMessage("Expected a job of refund with the arguments {\"month\":\"2026-10\"}." + list);
    assertThatThrownBy(() -> jobs.assertDispatched("report", arguments -> arguments.has("year")))
        .hasMessage("Expected a job of report with other arguments than it has." + list);
    assertThatThrownBy(() -> jobs.assertDispatched("report", month(11)))
        .hasMessage("Expected a job of report with the arguments {\"month\":\"2026-11\"}." + list);
    assertThatThrownBy(() -> jobs.assertDispatchedTimes("report", 2))
        .hasMessage("Expected 2 jobs of report, but there were 1." + list);
    assertThatThrownBy(() -> jobs.assertNotDispatched("report"))
        .hasMessage("Expected no job of report." + list);
    assertThatThrownBy(
            () -> jobs.assertNotDispatched("report", arguments -> arguments.has("month")))
        .hasMessage("Expected no job of report with the arguments {\"month\":\"2026-10\"}." + list);
    assertThatThrownBy(jobs::assertNothingDispatched)
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessage("Expected no job at all." + list);
  }

  @Test
  void jobsEndAsTheTestSaid() throws InterruptedException {
    jobs.answering("report", new Report("2026-10", 12))
        .answeringWith("hello", job -> "Hello " + job.argument("who").asString())
        .failing("import", ERROR)
        .answering("resources/read", Map.of("contents", List.of()));

    Executed executed =
        jobs.execute("tools/call", call("report", month(10)), JobOptions.NONE, WAIT);
    assertThat(((Executed.Finished) executed).as(Report.class))
        .isEqualTo(new Report("2026-10", 12));
    Job hello = jobs.call("hello", Map.of("who", "Zoë"));
    assertThat(hello.state()).isEqualTo(JobState.COMPLETED);
    assertThat(jobs.result(hello.id(), String.class)).isEqualTo("Hello Zoë");
    Job failed = jobs.await(jobs.call("import", Map.of()).id(), WAIT);
    assertThat(failed.state()).isEqualTo(JobState.DEAD);
    assertThat(failed.error()).isEqualTo(ERROR);
    assertThatThrownBy(() -> jobs.result(failed.id(), String.class))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("no such month");
    Job read = jobs.dispatch("resources/read", Map.of("uri", "file:///a"));
    assertThat(jobs.result(read.id(), new TypeReference<Map<String, Object>>() {}))
        .containsOnlyKeys("contents");
  }

  @Test
  void aJobEndsLaterWhenTheTestSaysSo() {
    Executed executed =
        jobs.execute("tools/call", call("report", month(10)), JobOptions.NONE, WAIT);
    assertThat(executed).isInstanceOf(Executed.Pending.class);
    JobId id = executed.id();
    assertThat(jobs.status(id).state()).isEqualTo(JobState.QUEUED);
    assertThatThrownBy(() -> jobs.result(id)).satisfies(refused(Refusal.NotFinished.class));

    jobs.complete(id, "done");
    assertThat(jobs.status(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(jobs.result(id, String.class)).isEqualTo("done");
    assertThatThrownBy(() -> jobs.end(id, new Outcome.Cancelled(null)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> jobs.cancel(id)).satisfies(refused(Refusal.AlreadyFinished.class));

    JobId other = jobs.call("report", month(11)).id();
    assertThat(jobs.cancel(other).state()).isEqualTo(JobState.CANCELLED);
    assertThat(jobs.result(other)).isEqualTo(new Outcome.Cancelled(null));
  }

  @Test
  void heldJobsAreStartedAndJobsAreDeletedAsTheRealOneDoes() {
    JobId held = jobs.call("report", month(10), JobOptions.builder().held(true).build()).id();
    assertThat(jobs.status(held).state()).isEqualTo(JobState.HELD);
    assertThatThrownBy(() -> jobs.delete(held)).satisfies(refused(Refusal.NotFinished.class));
    assertThat(jobs.start(held).state()).isEqualTo(JobState.QUEUED);
    assertThatThrownBy(() -> jobs.start(held)).satisfies(refused(Refusal.NotHeld.class));
    jobs.complete(held, "done");
    jobs.delete(held);
    assertThatThrownBy(() -> jobs.status(held)).satisfies(refused(Refusal.UnknownJob.class));
    JobId queued = jobs.call("report", month(11)).id();
    jobs.delete(queued, true);
    assertThat(jobs.list(JobsFilter.ALL).jobs()).isEmpty();
    jobs.assertDispatchedTimes("report", 2);
  }

  @Test
  void callersKnowOnlyTheirOwnJobs() {
    FakeJobs zoe = jobs.as(Caller.named("zoe"));
    JobId hers = zoe.call("report", month(10)).id();
    JobId ours = jobs.call("report", month(11)).id();

    assertThat(zoe.status(hers).owner()).isEqualTo("zoe");
    assertThatThrownBy(() -> jobs.status(hers)).satisfies(refused(Refusal.UnknownJob.class));
    assertThat(jobs.list(JobsFilter.ALL).jobs()).extracting(Job::id).containsExactly(ours);
    jobs.assertDispatchedTimes("report", 2);
    assertThat(jobs.dispatched("report").getFirst().caller()).isEqualTo(Caller.named("zoe"));
  }

  @Test
  void whatTheRealOneRefusesIsRefused() {
    assertThatThrownBy(() -> jobs.dispatch("tools/delete", Map.of()))
        .satisfies(refused(Refusal.UnsupportedMethod.class));
    assertThatThrownBy(() -> jobs.dispatch("tools/call", Map.of("arguments", Map.of())))
        .satisfies(refused(Refusal.BadRequest.class));
    assertThatThrownBy(() -> jobs.dispatch("tools/call", "report"))
        .satisfies(refused(Refusal.BadRequest.class));
    jobs.assertNothingDispatched();
  }

  @Test
  void underAKnownKeyItIsTheSameJob() {
    JobOptions keyed = JobOptions.builder().idempotencyKey("october").build();
    JobId id = jobs.call("report", month(10), keyed).id();
    assertThat(jobs.call("report", month(10), keyed).id()).isEqualTo(id);
    jobs.assertDispatchedTimes("report", 1);
    assertThatThrownBy(() -> jobs.call("report", month(11), keyed))
        .satisfies(refused(Refusal.IdempotencyConflict.class));
  }

  @Test
  void listingsHavePages() {
    for (int i = 1; i <= 5; i++) {
      jobs.call("report", month(i), JobOptions.builder().delay(WAIT).build());
    }
    jobs.dispatch("tools/list", Map.of());
    JobsFilter reports = JobsFilter.ALL.ofTool("report").in(JobState.SCHEDULED).limit(3);
    var first = jobs.list(reports);
    assertThat(first.jobs()).hasSize(3);
    var second = jobs.list(reports.after(first.nextCursor()));
    assertThat(second.jobs()).hasSize(2);
    assertThat(second.nextCursor()).isNull();
    assertThat(jobs.list(JobsFilter.ALL.ofMethod("tools/list")).jobs()).hasSize(1);
  }
}
