package dev.longhaul.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.testsupport.TestClock;
import dev.longhaul.testsupport.queue.InMemoryQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What only the queue in memory has: a clock that a test moves. */
class InMemoryQueueTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<String> DEFAULT = List.of("default");

  private final TestClock clock = new TestClock();
  private final InMemoryQueue queue = new InMemoryQueue(clock);

  private JobId enqueue(Duration delay) {
    var request =
        new JobRequest(
            "tools/call",
            "greet",
            "{}",
            "local",
            "default",
            Priority.DEFAULT,
            delay,
            false,
            HOUR,
            HOUR,
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
            Map.of());
    return queue.jobs().enqueue(List.of(request)).getFirst();
  }

  private Claim started() {
    Claim claim = queue.work().step(List.of(), DEFAULT, 1).join().claims().getFirst();
    assertThat(queue.work().start(List.of(claim)).join()).containsExactly(claim.id());
    return claim;
  }

  private JobState state(JobId id) {
    return queue.jobs().find(id).orElseThrow().state();
  }

  @Test
  void aWaitingWorkerHasADelayedJobAsSoonAsTheClockIsMoved() throws Exception {
    JobId id = enqueue(HOUR);
    CompletableFuture<StepAnswer> waiting =
        queue.work().newWaiter().claimWhenReady(DEFAULT, 1, Duration.ofMinutes(10));
    assertThat(waiting).isNotDone();

    clock.advance(HOUR);
    assertThat(waiting.get(60, TimeUnit.SECONDS).claims())
        .extracting(Claim::id)
        .containsExactly(id);
  }

  @Test
  void theSystemsTimeWorksToo() throws Exception {
    var real = new InMemoryQueue();
    var waiting = real.work().newWaiter().claimWhenReady(DEFAULT, 1, Duration.ofMillis(1));
    assertThat(waiting.get(60, TimeUnit.SECONDS).claims()).isEmpty();
  }

  @Test
  void movingTheClockCostsNoWorkerItsLease() {
    JobId id = enqueue(Duration.ZERO);
    Claim claim = started();
    clock.advance(HOUR);
    assertThat(queue.work().reap(10).requeued()).isEmpty();
    assertThat(queue.work().renew(Map.of(id, claim.token())).lost()).isEmpty();

    queue.loseWorkers();
    assertThat(queue.work().reap(10).requeued()).containsExactly(id);
    assertThat(state(id)).isEqualTo(JobState.QUEUED);
  }

  @Test
  void movingTheClockCostsNoClientItsCall() {
    JobId id = enqueue(Duration.ZERO);
    queue.jobs().attend(List.of(id), Duration.ofSeconds(30));
    clock.advance(HOUR);
    queue.work().reap(10);
    assertThat(state(id)).isEqualTo(JobState.QUEUED);

    queue.loseClients();
    queue.work().reap(10);
    assertThat(state(id)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void resultsAndThenJobsAreForgottenInTime() {
    JobId id = enqueue(Duration.ZERO);
    Claim claim = started();
    var end =
        new Completion.Finished(id, claim.token(), new Outcome.Answered("{\"content\":[]}", false));
    assertThat(queue.work().step(List.of(end), DEFAULT, 0).join().accepted()).containsExactly(true);
    assertThat(queue.jobs().outcome(id)).isPresent();

    clock.advance(HOUR);
    assertThat(queue.jobs().outcome(id)).isEmpty();
    assertThat(state(id)).isEqualTo(JobState.COMPLETED);
    clock.advance(HOUR);
    assertThat(queue.jobs().find(id)).isEmpty();
    assertThat(queue.jobs().list(new JobFilter("local", null, null, null, 10)).jobs()).isEmpty();
  }

  @Test
  void answersAreKeptForTheirTimeAndForgottenByName() {
    AnswerStore answers = queue.answers();
    var place = new AnswerStore.Place("greet", "call", "-");
    var begun = (AnswerStore.Beginning.Running) answers.begin(place, "run", HOUR, false);
    assertThat(begun.own()).isTrue();
    assertThat(answers.begin(place, "run", HOUR, false))
        .isEqualTo(new AnswerStore.Beginning.Running(begun.token(), false));
    assertThat(answers.keep(place, "run", "another", "{}", null, HOUR)).isFalse();
    assertThat(answers.keep(place, "run", begun.token(), "{}", null, HOUR)).isTrue();
    assertThat(answers.begin(place, "run", HOUR, false))
        .isEqualTo(new AnswerStore.Beginning.Known());
    assertThat(answers.find(place).orElseThrow().left()).isEqualTo(HOUR);
    clock.advance(HOUR);
    assertThat(answers.find(place)).isEmpty();

    var again = (AnswerStore.Beginning.Running) answers.begin(place, "run", HOUR, true);
    answers.forget("greet", HOUR);
    assertThat(answers.keep(place, "run", again.token(), "{}", null, HOUR)).isFalse();
    assertThat(answers.find(place)).isEmpty();
  }
}
