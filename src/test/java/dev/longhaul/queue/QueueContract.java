package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.JobQueue.DeleteAnswer;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of the queue, for every adapter. */
public abstract class QueueContract {
  private static final Duration LONG = Duration.ofMinutes(5);

  /** The queue as front doors use it; empty at the start of each test. */
  protected abstract JobQueue jobs();

  /** The same queue as workers use it. */
  protected abstract WorkQueue work();

  /** The same queue in a second worker process. */
  protected abstract WorkQueue otherWork();

  /** The queue with a limit of two waiting jobs. */
  protected abstract JobQueue smallJobs();

  /** Makes every lease expire. */
  protected abstract void expireLeases();

  /** Makes every scheduled job due. */
  protected abstract void makeDue();

  /** Makes every deadline pass. */
  protected abstract void deadlinesPass();

  /** Over how many shards jobs are spread. */
  protected abstract int shards();

  /** Pauses or resumes the queue 'default'. */
  protected abstract void pause(boolean paused);

  protected static JobRequest request() {
    return request(Priority.DEFAULT, new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true));
  }

  private static JobRequest request(Priority priority, RetryPolicy retry) {
    return new JobRequest(
        "tools/call",
        "greet",
        "{\"name\":\"greet\",\"arguments\":{\"who\":\"Zoë\"}}",
        "local",
        "default",
        priority,
        Duration.ZERO,
        false,
        LONG,
        LONG,
        retry,
        Map.of("trace", "abc"));
  }

  private static JobRequest once() {
    return request(Priority.DEFAULT, RetryPolicy.once());
  }

  private static JobRequest delayed(Duration delay) {
    JobRequest r = request();
    return new JobRequest(
        r.method(),
        r.tool(),
        r.params(),
        r.owner(),
        r.queue(),
        r.priority(),
        delay,
        false,
        r.timeout(),
        r.retryUntil(),
        r.retry(),
        Map.of());
  }

  private static JobRequest by(String owner) {
    JobRequest r = request();
    return new JobRequest(
        r.method(),
        r.tool(),
        r.params(),
        owner,
        r.queue(),
        r.priority(),
        r.delay(),
        false,
        r.timeout(),
        r.retryUntil(),
        r.retry(),
        Map.of());
  }

  /** Stores jobs of several owners in one call, so that they are in one shard. */
  private List<JobId> enqueueBy(String... owners) {
    return jobs().enqueue(Stream.of(owners).map(QueueContract::by).toList());
  }

  private List<JobId> claimed(int claims) {
    return claim(work(), claims).claims().stream().map(Claim::id).toList();
  }

  private JobId enqueue(JobRequest request) {
    return jobs().enqueue(List.of(request)).getFirst();
  }

  private static StepAnswer claim(WorkQueue work, int claims) {
    return work.step(List.of(), List.of("default"), claims).join();
  }

  private Claim claimOne() {
    return claim(work(), 1).claims().getFirst();
  }

  private Claim started(JobRequest request) {
    enqueue(request);
    Claim claim = claimOne();
    assertThat(work().start(List.of(claim)).join()).containsExactly(claim.id());
    return claim;
  }

  private boolean finish(Claim claim, Outcome outcome) {
    return complete(new Completion.Finished(claim.id(), claim.token(), outcome));
  }

  private boolean complete(Completion completion) {
    return work().step(List.of(completion), List.of("default"), 0).join().accepted().getFirst();
  }

  private Job job(JobId id) {
    return jobs().find(id).orElseThrow();
  }

  private static Outcome answer(String text) {
    return new Outcome.Answered("{\"content\":\"" + text + "\"}", false);
  }

  @Test
  void aStoredJobCanBeReadAtOnce() {
    JobId id = enqueue(request());

    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(job.tool()).isEqualTo("greet");
    assertThat(job.owner()).isEqualTo("local");
    assertThat(job.metadata()).containsEntry("trace", "abc");
    assertThat(job.attempt()).isZero();
    assertThat(job.retry().maxAttempts()).isEqualTo(3);
    assertThat(job.times().startedAt()).isNull();
    assertThat(jobs().outcome(id)).isEmpty();
  }

  @Test
  void anUnknownIdIsUnknownEverywhere() {
    JobId id = JobId.create(0, 0);

    assertThat(jobs().find(id)).isEmpty();
    assertThat(jobs().outcome(id)).isEmpty();
    assertThat(jobs().cancel(id)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(jobs().delete(id, true)).isEqualTo(DeleteAnswer.UNKNOWN);
    assertThat(jobs().detach(id, null)).isEmpty();
  }

  @Test
  void aJobThatMustNotBeRepeatedRunsFromItsStart() {
    JobId id = enqueue(once());
    Claim claim = claimOne();
    assertThat(claim.id()).isEqualTo(id);
    assertThat(claim.params()).contains("Zoë");
    assertThat(claim.attempt()).isEqualTo(1);
    assertThat(job(id).state()).isEqualTo(JobState.QUEUED);

    assertThat(work().start(List.of(claim)).join()).containsExactly(id);
    assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
    assertThat(job(id).attempt()).isEqualTo(1);
    assertThat(job(id).times().startedAt()).isNotNull();

    assertThat(finish(claim, answer("hi"))).isTrue();
    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.times().finishedAt()).isNotNull();
    assertThat(job.times().expiresAt()).isAfter(job.times().finishedAt());
    assertThat(jobs().outcome(id)).contains(answer("hi"));
  }

  @Test
  void urgentJobsAreClaimedFirstAndEqualOnesInOrderOfArrival() {
    RetryPolicy once = RetryPolicy.once();
    JobId low = enqueue(request(Priority.LOW, once));
    JobId first = enqueue(request(Priority.DEFAULT, once));
    JobId second = enqueue(request(Priority.DEFAULT, once));
    JobId high = enqueue(request(Priority.HIGH, once));
    JobId urgent = enqueue(request(new Priority(99), once));

    assertThat(claim(work(), 10).claims().stream().map(Claim::id))
        .containsExactly(urgent, high, first, second, low);
  }

  @Test
  void callersTakeTurnsAndEachKeepsItsOrder() {
    List<JobId> ids = enqueueBy("a", "a", "a", "b b ö", "b b ö", "c");
    List<JobId> order = new ArrayList<>();
    while (order.size() < ids.size()) {
      order.addAll(claimed(1));
    }
    assertThat(order)
        .containsExactly(ids.get(0), ids.get(3), ids.get(5), ids.get(1), ids.get(4), ids.get(2));
    assertThat(claimed(1)).isEmpty();
  }

  @Test
  void aClaimOfManyIsSharedByThoseWhoWaitAndTheRestGoesToWhoHasMore() {
    List<JobId> ids = enqueueBy("a", "a", "a", "a", "a", "b", "b", "c");
    assertThat(claimed(4)).containsExactly(ids.get(0), ids.get(5), ids.get(7), ids.get(1));
    assertThat(claimed(2)).as("it is the turn of b").containsExactly(ids.get(6), ids.get(2));
    assertThat(claimed(10)).containsExactly(ids.get(3), ids.get(4));
  }

  @Test
  void nobodyWaitsLongerThanTwoClaimsBesideACallerWithVeryManyJobs() {
    List<JobRequest> many = Collections.nCopies(1_000, by("many"));
    for (int i = 0; i < 5; i++) {
      jobs().enqueue(many);
    }
    assertThat(claimed(50)).hasSize(50);
    List<JobId> others =
        jobs().enqueue(IntStream.range(0, 99).mapToObj(i -> by("other-" + i)).toList());

    List<JobId> claimed = new ArrayList<>(claimed(50));
    claimed.addAll(claimed(50));
    // With several shards a claim is shared by them.
    for (int more = 1; more < shards(); more++) {
      claimed.addAll(claimed(50));
      claimed.addAll(claimed(50));
    }
    assertThat(claimed).containsAll(others);
  }

  @Test
  void whatComesBackIsTheNextOfItsCallerWhoIsNextIfHeHasNothingElse() {
    List<JobId> ids = enqueueBy("a", "a", "b", "c");
    List<Claim> first = claim(work(), 2).claims();
    assertThat(first).extracting(Claim::id).containsExactly(ids.get(0), ids.get(2));
    for (Claim claim : first) {
      complete(new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO));
    }

    List<JobId> order = new ArrayList<>();
    while (order.size() < ids.size()) {
      order.addAll(claimed(1));
    }
    assertThat(order).containsExactly(ids.get(2), ids.get(3), ids.get(0), ids.get(1));
  }

  @Test
  void cancelledJobsOfACallerHoldUpNobody() {
    List<JobId> ids = enqueueBy("a", "a", "a", "b", "b");
    jobs().cancel(ids.get(0));
    jobs().delete(ids.get(1), true);
    assertThat(claimed(1)).hasSize(1);
    assertThat(claimed(10)).hasSize(2);
    assertThat(jobs().depths().waiting().get("default")).containsOnly(0L);
  }

  @Test
  void aStepRecordsAndClaimsAtOnceAndSaysWhetherMoreWait() {
    Claim running = started(request());
    JobId second = enqueue(request());
    enqueue(request());

    StepAnswer answer =
        work()
            .step(
                List.of(new Completion.Finished(running.id(), running.token(), answer("a"))),
                List.of("default"),
                1)
            .join();

    assertThat(answer.accepted()).containsExactly(true);
    assertThat(answer.claims().stream().map(Claim::id)).containsExactly(second);
    assertThat(answer.more()).isTrue();
    assertThat(claim(work(), 5).more()).isFalse();
  }

  @Test
  void twoWorkersNeverClaimTheSameJob() {
    List<JobRequest> many = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      many.add(request());
    }
    jobs().enqueue(many);

    Set<JobId> claimed = new HashSet<>();
    int total = 0;
    while (true) {
      var mine = work().step(List.of(), List.of("default"), 50);
      var theirs = otherWork().step(List.of(), List.of("default"), 50);
      int got = mine.join().claims().size() + theirs.join().claims().size();
      mine.join().claims().forEach(claim -> claimed.add(claim.id()));
      theirs.join().claims().forEach(claim -> claimed.add(claim.id()));
      total += got;
      if (got == 0) {
        break;
      }
    }
    assertThat(total).isEqualTo(700);
    assertThat(claimed).hasSize(700);
  }

  @Test
  void aCompletionMayBeSaidTwiceAndCountsOnce() {
    Claim claim = started(request());

    assertThat(finish(claim, answer("first"))).isTrue();
    assertThat(finish(claim, answer("first"))).isTrue();
    assertThat(jobs().outcome(claim.id())).contains(answer("first"));
  }

  @Test
  void withoutAValidLeaseNothingIsWritten() {
    Claim claim = started(request());
    LeaseToken wrong = new LeaseToken(claim.token().fence(), "somebody-else");

    assertThat(complete(new Completion.Finished(claim.id(), wrong, answer("no")))).isFalse();
    assertThat(work().progress(claim.id(), wrong, new Progress(0.5, "no")).join()).isFalse();
    assertThat(work().attachPartial(claim.id(), wrong, null).join()).isFalse();
    assertThat(work().renew(Map.of(claim.id(), wrong)).lost()).containsExactly(claim.id());
    assertThat(job(claim.id()).state()).isEqualTo(JobState.RUNNING);
    assertThat(job(claim.id()).progress()).isEqualTo(Progress.NONE);
  }

  @Test
  void aJobThatMayBeRepeatedRunsFromItsClaim() {
    JobId id = enqueue(request());
    Claim claim = claimOne();
    assertThat(claim.attempt()).isEqualTo(1);
    assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
    assertThat(job(id).attempt()).isEqualTo(1);
    assertThat(job(id).times().startedAt()).isNotNull();

    // Workers of earlier versions say so, too.
    assertThat(work().start(List.of(claim)).join()).containsExactly(id);
    assertThat(job(id).attempt()).isEqualTo(1);
    assertThat(finish(claim, answer("hi"))).isTrue();
    assertThat(job(id).attempt()).isEqualTo(1);
  }

  @Test
  void aClaimThatIsGivenBackCostsNoAttempt() {
    JobId id = enqueue(request());
    Claim claim = claimOne();
    assertThat(complete(new Completion.GivenBack(id, claim.token(), Duration.ZERO))).isTrue();
    assertThat(job(id).attempt()).isZero();
    assertThat(claimOne().attempt()).isEqualTo(1);
  }

  @Test
  void aWorkerThatIsLostWithAClaimCountsAgainstAJobThatMayBeRepeated() {
    JobId id = enqueue(request());
    for (int lost = 1; lost <= 3; lost++) {
      assertThat(claimOne().attempt()).isEqualTo(lost);
      expireLeases();
      work().reap(10);
    }
    assertThat(job(id).state()).isEqualTo(JobState.DEAD);
    assertThat(Objects.requireNonNull(job(id).error()).code()).isEqualTo(JobError.POISON);
  }

  @Test
  void anOfferThatWasNeverStartedGoesBackWithoutUsingAnAttempt() {
    JobId id = enqueue(once());
    Claim dead = claimOne();
    assertThat(work().reap(10).requeued()).isEmpty();

    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(id);

    Claim again = claimOne();
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(work().start(List.of(dead)).join()).isEmpty();
    assertThat(work().start(List.of(again)).join()).containsExactly(id);
  }

  @Test
  void aLostWorkersRepeatableJobRunsAgainAndTheOldWorkerIsNotBelieved() {
    Claim lost = started(request());
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(lost.id());

    Claim again = claim(otherWork(), 1).claims().getFirst();
    assertThat(otherWork().start(List.of(again)).join()).containsExactly(lost.id());
    assertThat(finish(lost, answer("zombie"))).isFalse();
    assertThat(work().renew(Map.of(lost.id(), lost.token())).lost()).containsExactly(lost.id());
    assertThat(finish(again, answer("right"))).isTrue();
    assertThat(jobs().outcome(lost.id())).contains(answer("right"));
  }

  @Test
  void whatALostWorkerHadFinishedIsNotDoneAgainUnlessSomebodyHasClaimedIt() {
    Claim late = started(request());
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(late.id());

    assertThat(finish(late, answer("late"))).isTrue();
    assertThat(job(late.id()).state()).isEqualTo(JobState.COMPLETED);
    assertThat(job(late.id()).attempt()).isEqualTo(1);
    assertThat(jobs().outcome(late.id())).contains(answer("late"));
    assertThat(claim(work(), 1).claims()).isEmpty();
    assertThat(jobs().depths().running()).isZero();
  }

  @Test
  void whatALostWorkerHadFinishedWithoutSayingThatItStartedCountsAsAnAttempt() {
    JobId id = enqueue(once());
    Claim late = claimOne();
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(id);

    assertThat(finish(late, answer("late"))).isTrue();
    assertThat(job(id).attempt()).isEqualTo(1);
    assertThat(job(id).times().startedAt()).isNotNull();
  }

  @Test
  void aRetryThatALostWorkerAsksForIsNotBelieved() {
    Claim late = started(request());
    expireLeases();
    work().reap(10);

    JobError error = JobError.timeout(1);
    assertThat(complete(new Completion.Retry(late.id(), late.token(), LONG, error))).isFalse();
    assertThat(job(late.id()).state()).isEqualTo(JobState.QUEUED);
  }

  private static JobRequest due(Duration deadline, Duration delay, boolean held) {
    JobRequest r = request();
    return new JobRequest(
            r.method(),
            r.tool(),
            r.params(),
            r.owner(),
            r.queue(),
            r.priority(),
            delay,
            held,
            r.timeout(),
            deadline,
            r.retry(),
            Map.of())
        .within(true);
  }

  private void assertDeadlineExceeded(JobId id) {
    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.error()).isNotNull();
    assertThat(job.error().code()).isEqualTo(JobError.DEADLINE_EXCEEDED);
    assertThat(jobs().outcome(id)).contains(new Outcome.Failed(job.error(), null));
  }

  @Test
  void aDeadlineEndsWhatWaitsInAPausedQueueOrForItsTime() {
    pause(true);
    JobId paused = enqueue(due(Duration.ZERO, Duration.ZERO, false));
    JobId delayed = enqueue(due(LONG, LONG, false));
    JobId held = enqueue(due(Duration.ZERO, Duration.ZERO, true));

    assertThat(work().reap(10).closed()).containsExactly(paused);
    assertDeadlineExceeded(paused);
    assertThat(job(delayed).state()).isEqualTo(JobState.SCHEDULED);
    deadlinesPass();
    assertThat(work().reap(10).closed()).containsExactly(delayed);
    assertDeadlineExceeded(delayed);
    assertThat(job(held).state()).isEqualTo(JobState.HELD);

    jobs().release(held);
    assertThat(work().reap(10).closed()).containsExactly(held);
    assertDeadlineExceeded(held);
    pause(false);
    assertThat(claim(work(), 10).claims()).isEmpty();
    assertThat(work().reap(10).nextExpiry()).isNull();
  }

  @Test
  void aJobInAPausedQueueSaysSoAndIsNoWorkForMoreWorkers() {
    JobId id = enqueue(request());
    assertThat(job(id).waiting()).isNull();
    pause(true);
    assertThat(job(id).waiting()).isEqualTo(new Waiting(Waiting.Reason.PAUSED, null, null));
    assertThat(jobs().detach(id, null).orElseThrow().waiting()).isEqualTo(job(id).waiting());
    QueueDepths depths = jobs().depths();
    assertThat(depths.waiting().get("default")).containsOnly(0L);
    assertThat(depths.heldBack()).isEqualTo(1);

    pause(false);
    assertThat(job(id).waiting()).isNull();
    assertThat(jobs().depths().heldBack()).isZero();
  }

  @Test
  void aJobWhoseDeadlineIsOverIsNotClaimedThoughNobodyHasEndedItYet() {
    JobId over = enqueue(due(Duration.ZERO, Duration.ZERO, false));
    JobId open = enqueue(request());

    assertThat(claim(work(), 10).claims()).extracting(Claim::id).containsExactly(open);
    assertDeadlineExceeded(over);
  }

  @Test
  void theTimeForRetriesDoesNotBoundTheFirstAttemptOfAJobWithoutADeadline() {
    JobId id = enqueue(due(Duration.ZERO, Duration.ZERO, false).within(false));

    assertThat(work().reap(10).closed()).isEmpty();
    assertThat(job(id).state()).isEqualTo(JobState.QUEUED);
    assertThat(claimOne().id()).isEqualTo(id);
  }

  @Test
  void aDeadlineEndsARunningAttemptAndKeepsWhatItHad() throws Exception {
    JobId id = enqueue(due(LONG, Duration.ZERO, false));
    Claim claim = claimOne();
    work().start(List.of(claim)).join();
    var told = new CompletableFuture<JobId>();
    try (var _ = work().onCancel(told::complete)) {
      assertThat(work().reap(10).closed()).isEmpty();
      deadlinesPass();
      assertThat(work().reap(10).closed()).containsExactly(id);
      assertThat(told.get(60, TimeUnit.SECONDS)).isEqualTo(id);
    }
    assertDeadlineExceeded(id);
    assertThat(work().renew(Map.of(id, claim.token())).cancelled()).containsExactly(id);
    Partial partial = new Partial("[1]", 1L, 2L);
    assertThat(work().attachPartial(id, claim.token(), partial).join()).isTrue();
    assertThat(((Outcome.Failed) jobs().outcome(id).orElseThrow()).partial()).isEqualTo(partial);
    assertThat(jobs().depths().running()).isZero();
  }

  @Test
  void anOutcomeThatComesAfterTheDeadlineDoesNotCount() {
    JobId id = enqueue(due(LONG, Duration.ZERO, false));
    Claim claim = claimOne();
    work().start(List.of(claim)).join();
    deadlinesPass();
    work().reap(10);

    assertThat(finish(claim, answer("late"))).isFalse();
    assertDeadlineExceeded(id);
    assertThat(jobs().depths().running()).isZero();
  }

  @Test
  void whatEndedInTimeHasNoDeadlineAnyMore() {
    JobId id = enqueue(due(LONG, Duration.ZERO, false));
    assertThat(work().reap(10).nextExpiry()).isNotNull();
    jobs().cancel(id);

    assertThat(work().reap(10).nextExpiry()).isNull();
    assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void workersHearOfADeadlineThatIsEarlierThanThoseBefore() throws Exception {
    var heard = new LinkedBlockingQueue<Duration>();
    try (var _ = work().onDeadline(heard::add)) {
      enqueue(due(LONG, Duration.ZERO, false));
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(LONG);
      enqueue(due(Duration.ZERO, Duration.ZERO, false));
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Duration.ZERO);
    }
  }

  @Test
  void aLostWorkersOtherJobEndsWithItsOutcomeUnknown() {
    Claim lost = started(request(Priority.DEFAULT, RetryPolicy.once()));
    expireLeases();

    assertThat(work().reap(10).ended()).containsExactly(lost.id());
    Job job = job(lost.id());
    assertThat(job.state()).isEqualTo(JobState.DEAD);
    assertThat(job.error()).isNotNull();
    assertThat(job.error().code()).isEqualTo(JobError.OUTCOME_UNKNOWN);
    assertThat(jobs().outcome(lost.id()))
        .contains(new Outcome.GivenUp(JobError.outcomeUnknown(), null));
    assertThat(finish(lost, answer("late"))).isFalse();
  }

  @Test
  void aJobThatKeepsLosingItsWorkersIsGivenUp() {
    JobId id = enqueue(request());
    for (int i = 0; i < 3; i++) {
      Claim claim = claimOne();
      work().start(List.of(claim)).join();
      expireLeases();
      work().reap(10);
    }

    Job job = job(id);
    assertThat(job.state()).isEqualTo(JobState.DEAD);
    assertThat(job.error()).isNotNull();
    assertThat(job.error().code()).isEqualTo(JobError.POISON);
  }

  @Test
  void renewingKeepsAJobFromBeingReaped() {
    Claim claim = started(request());
    expireLeases();
    assertThat(work().renew(Map.of(claim.id(), claim.token())).lost()).isEmpty();

    assertThat(work().reap(10).requeued()).isEmpty();
    assertThat(job(claim.id()).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aReapSaysWhenTheNextLeaseEnds() {
    assertThat(work().reap(10).nextExpiry()).isNull();
    Claim claim = started(request());

    assertThat(work().reap(10).nextExpiry()).isBetween(Duration.ZERO, work().lease());
    finish(claim, answer("x"));
    assertThat(work().reap(10).nextExpiry()).isNull();
  }

  @Test
  void aFailedAttemptWaitsAndThenRunsAgain() {
    Claim claim = started(request());
    JobError error = new JobError("TOOL_FAILED", "IOException", "no route", "try again");

    assertThat(
            complete(new Completion.Retry(claim.id(), claim.token(), Duration.ofMinutes(1), error)))
        .isTrue();
    Job job = job(claim.id());
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(job.error()).isEqualTo(error);
    assertThat(job.times().dueAt()).isNotNull();
    StepAnswer early = claim(work(), 5);
    assertThat(early.claims()).isEmpty();
    assertThat(early.nextDue()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));

    makeDue();
    Claim again = claimOne();
    assertThat(again.id()).isEqualTo(claim.id());
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Test
  void aJobGivenBackUsesNoAttempt() {
    Claim claim = started(request());

    assertThat(complete(new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO)))
        .isTrue();
    Claim again = claimOne();
    assertThat(again.id()).isEqualTo(claim.id());
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Test
  void anOfferGivenBackUsesNoAttempt() {
    JobId id = enqueue(request());
    Claim claim = claimOne();

    assertThat(complete(new Completion.GivenBack(claim.id(), claim.token(), Duration.ofMinutes(1))))
        .isTrue();
    assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
    makeDue();
    assertThat(claimOne().attempt()).isEqualTo(1);
  }

  @Test
  void aDelayedJobWaitsForItsTime() {
    JobId id = enqueue(delayed(Duration.ofMinutes(10)));
    assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(claim(work(), 1).claims()).isEmpty();

    makeDue();
    assertThat(claimOne().id()).isEqualTo(id);
  }

  @Test
  void cancellingAQueuedJobEndsItAndNobodyClaimsIt() {
    JobId id = enqueue(request());

    assertThat(jobs().cancel(id)).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(jobs().cancel(id)).isEqualTo(CancelAnswer.ALREADY_FINISHED);
    assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
    assertThat(jobs().outcome(id)).contains(new Outcome.Cancelled(null));
    assertThat(claim(work(), 5).claims()).isEmpty();
  }

  @Test
  void cancellingAnOfferKeepsItFromStarting() {
    JobId id = enqueue(once());
    Claim claim = claimOne();
    jobs().cancel(id);

    assertThat(work().start(List.of(claim)).join()).isEmpty();
  }

  @Test
  void cancellingARunningJobTellsItsWorkerAndKeepsWhatItHad() throws Exception {
    Claim claim = started(request());
    CountDownLatch told = new CountDownLatch(1);
    Partial partial = new Partial("{\"rows\":7}", 7L, 10L);

    try (var watch =
        work()
            .onCancel(id -> {
              if (id.equals(claim.id())) {
                told.countDown();
              }
            })) {
      assertThat(jobs().cancel(claim.id())).isEqualTo(CancelAnswer.CANCELLED);
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(job(claim.id()).state()).isEqualTo(JobState.CANCELLED);
    assertThat(work().renew(Map.of(claim.id(), claim.token())).cancelled())
        .containsExactly(claim.id());
    assertThat(finish(claim, answer("too late"))).isFalse();
    assertThat(work().attachPartial(claim.id(), claim.token(), partial).join()).isTrue();
    assertThat(work().attachPartial(claim.id(), claim.token(), partial).join()).isFalse();
    assertThat(jobs().outcome(claim.id())).contains(new Outcome.Cancelled(partial));
    assertThat(jobs().depths().running()).isZero();
  }

  @Test
  void progressIsStoredAndNeverGoesBack() {
    Claim claim = started(request());

    assertThat(work().progress(claim.id(), claim.token(), new Progress(0.5, "half")).join())
        .isTrue();
    work().progress(claim.id(), claim.token(), new Progress(0.25, "again")).join();
    assertThat(job(claim.id()).progress()).isEqualTo(new Progress(0.5, "again"));
  }

  @Test
  void theStepsOfAnAttemptAreKeptWithItsProgressAndItsEnd() {
    Claim claim = started(request());
    JobId id = claim.id();
    var reading = new Checkpoints.Step("reading", 3, Duration.ofMillis(40));
    var writing = new Checkpoints.Step("writing \"a\"", 1, Duration.ofMillis(5));

    work()
        .progress(id, claim.token(), new Progress(0.5, null), new Checkpoints(1, List.of(reading)))
        .join();
    assertThat(job(id).attempts().getFirst().checkpoints()).containsExactly(reading);

    JobError error = new JobError("TOOL_FAILED", "IOException", "no route", "try again");
    var retry = new Completion.Retry(id, claim.token(), Duration.ZERO, error);
    assertThat(complete(retry.with(new Checkpoints(1, List.of(reading, writing))))).isTrue();
    assertThat(job(id).attempts().getFirst().checkpoints()).containsExactly(reading, writing);

    Claim again = claimOne();
    assertThat(work().start(List.of(again)).join()).containsExactly(id);
    assertThat(job(id).attempts().getLast().checkpoints()).isEmpty();
    var end = new Completion.Finished(id, again.token(), answer("x"));
    assertThat(complete(end.with(new Checkpoints(2, List.of(writing))))).isTrue();
    assertThat(job(id).attempts()).hasSize(2);
    assertThat(job(id).attempts().getFirst().checkpoints()).isEmpty();
    assertThat(job(id).attempts().getLast().checkpoints()).containsExactly(writing);
  }

  @Test
  void aLaterAttemptSaysThatItBeganAgainUntilItGetsFurther() {
    Claim first = started(request());
    work().progress(first.id(), first.token(), new Progress(0.27, "slept 4 of 15 s")).join();
    expireLeases();
    work().reap(10);
    Claim second = claimOne();
    assertThat(work().start(List.of(second)).join()).containsExactly(first.id());

    work().progress(second.id(), second.token(), new Progress(0.07, "slept 1 of 15 s")).join();
    assertThat(job(first.id()).progress())
        .isEqualTo(new Progress(0.27, "attempt 2, begun again: slept 1 of 15 s"));
    work().progress(second.id(), second.token(), new Progress(0.34, "slept 5 of 15 s")).join();
    assertThat(job(first.id()).progress()).isEqualTo(new Progress(0.34, "slept 5 of 15 s"));
  }

  @Test
  void whoWatchesAJobHearsOfItsChanges() throws Exception {
    JobId id = enqueue(request());
    CountDownLatch hinted = new CountDownLatch(1);
    try (var watch =
        jobs()
            .watch(
                id,
                () -> {
                  hinted.countDown();
                })) {
      assertThat(watch.job().orElseThrow().state()).isEqualTo(JobState.QUEUED);
      Claim claim = claimOne();
      work().start(List.of(claim)).join();
      finish(claim, answer("done"));
      assertThat(hinted.await(30, TimeUnit.SECONDS)).isTrue();
    }
    try (var late = jobs().watch(id, () -> {})) {
      assertThat(late.job()).isEqualTo(jobs().find(id));
      assertThat(late.job().orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }
    try (var nothing = jobs().watch(JobId.create(1, id.shard()), () -> {})) {
      assertThat(nothing.job()).isEmpty();
    }
  }

  @Test
  void aSubmittedJobIsAsARead() {
    Job stored = jobs().submit(request(), false);
    assertThat(jobs().find(stored.id())).contains(stored);

    pause(true);
    Job paused = jobs().submit(request(), true);
    pause(false);
    assertThat(paused.waiting()).isNotNull();

    JobRequest keyed = request().keyed(new IdempotencyKey("a".repeat(32), "b".repeat(32)));
    Job first = jobs().submit(keyed, true);
    assertThat(jobs().find(first.id())).contains(first);
    assertThat(jobs().submit(keyed, true)).isEqualTo(first);
  }

  @Test
  void howAJobEndedIsToldAndEqualsWhatIsReadLater() {
    JobQueue jobs = jobs(); // one process
    for (Outcome outcome :
        List.of(
            answer("done"),
            new Outcome.Refused(-32602, "no ünicode", "{\"a\":1}"),
            new Outcome.Failed(
                new JobError("CODE", "type", "message", "remediation"),
                new Partial("{\"text\":\"half\"}", 3L, 5L)))) {
      Job stored = jobs.submit(request(), true);
      var told = new Told();
      try (var watch = jobs.watch(stored.id(), told)) {
        assertThat(watch.job()).contains(stored);
        Claim claim = claimOne();
        assertThat(work().start(List.of(claim)).join()).hasSize(1);
        work().progress(claim.id(), claim.token(), new Progress(0.5, "half \"way\"")).join();
        assertThat(finish(claim, outcome)).isTrue();
        told.await();
      }
      assertThat(told.job).isEqualTo(jobs.find(stored.id()).orElseThrow());
      assertThat(jobs.outcome(stored.id())).contains(Objects.requireNonNull(told.outcome));
    }
  }

  @Test
  void whatHappensBeforeASubmitterWatchesIsToldThen() {
    JobQueue jobs = jobs(); // one process
    Job stored = jobs.submit(request(), true);
    Claim claim = claimOne();
    work().start(List.of(claim)).join();
    assertThat(finish(claim, answer("done"))).isTrue();

    var told = new Told();
    try (var _ = jobs.watch(stored.id(), told)) {
      told.await();
      assertThat(told.outcome).isEqualTo(answer("done"));
    }
  }

  @Test
  void ofALargeResultAndOfACancellationOnlyTheChangeIsTold() {
    JobQueue jobs = jobs(); // one process
    Job large = jobs.submit(request(), true);
    var told = new Told();
    try (var _ = jobs.watch(large.id(), told)) {
      Claim claim = claimOne();
      work().start(List.of(claim)).join();
      told.hints.drainPermits();
      assertThat(finish(claim, answer("x".repeat(100_000)))).isTrue();
      told.awaitHint();
    }
    assertThat(told.outcome).isNull();

    Job running = jobs.submit(request(), true);
    try (var _ = jobs.watch(running.id(), told)) {
      Claim claim = claimOne();
      work().start(List.of(claim)).join();
      told.hints.drainPermits();
      jobs.cancel(running.id());
      told.awaitHint(); // its tool may still add a partial result
    }
    assertThat(told.outcome).isNull();
  }

  /** Keeps what is told of a job. */
  private static final class Told implements JobQueue.Watcher {
    private final Semaphore hints = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable Job job;
    private volatile @Nullable Outcome outcome;

    @Override
    public void changed() {
      hints.release();
    }

    @Override
    public void ended(Job ended, Outcome how) {
      job = ended;
      outcome = how;
      end.countDown();
    }

    void await() {
      try {
        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void awaitHint() {
      try {
        assertThat(hints.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aWaitingClaimIsAnsweredByTheNextJob() throws Exception {
    assertThat(claim(work(), 1).claims()).isEmpty();
    var waiting = work().newWaiter().claimWhenReady(List.of("default"), 4, Duration.ofSeconds(20));
    JobId id = enqueue(request());

    StepAnswer answer = waiting.get(60, TimeUnit.SECONDS);
    assertThat(answer.claims().stream().map(Claim::id)).containsExactly(id);
  }

  @Test
  void aWaitingClaimCanBeEndedEarly() throws Exception {
    var waiter = work().newWaiter();
    var waiting = waiter.claimWhenReady(List.of("default"), 1, Duration.ofSeconds(25));
    waiter.stop();

    assertThat(waiting.get(60, TimeUnit.SECONDS).claims()).isEmpty();
  }

  @Test
  void everyWaitingJobIsClaimedThoughOneTokenWakesOneWorker() throws Exception {
    var mine = work().newWaiter().claimWhenReady(List.of("default"), 1, Duration.ofSeconds(20));
    var theirs =
        otherWork().newWaiter().claimWhenReady(List.of("default"), 1, Duration.ofSeconds(20));
    jobs().enqueue(List.of(request(), request()));

    assertThat(mine.get(60, TimeUnit.SECONDS).claims()).hasSize(1);
    assertThat(theirs.get(60, TimeUnit.SECONDS).claims()).hasSize(1);
  }

  @Test
  void handingAnIdOutIsRememberedAndItsTimeToLiveIsKept() {
    Claim claim = started(request());
    Job handed = jobs().detach(claim.id(), Duration.ofHours(5)).orElseThrow();
    assertThat(handed.handedOut()).isTrue();
    assertThat(handed.times().announcedTtl()).isEqualTo(Duration.ofHours(5));

    finish(claim, answer("x"));
    Job job = job(claim.id());
    assertThat(job.times().expiresAt())
        .isAfterOrEqualTo(job.times().createdAt().plus(Duration.ofHours(5)));
  }

  @Test
  void handingOutAFinishedJobShowsThatItIsFinished() {
    Claim claim = started(request());
    finish(claim, answer("x"));

    Optional<Job> handed = jobs().detach(claim.id(), Duration.ofHours(5));
    assertThat(handed.orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    assertThat(job(claim.id()).times().expiresAt())
        .isAfterOrEqualTo(handed.orElseThrow().times().createdAt().plus(Duration.ofHours(5)));
  }

  @Test
  void deletingNeedsAnEndOrForce() {
    Claim claim = started(request());

    assertThat(jobs().delete(claim.id(), false)).isEqualTo(DeleteAnswer.NOT_FINISHED);
    assertThat(jobs().delete(claim.id(), true)).isEqualTo(DeleteAnswer.DELETED);
    assertThat(jobs().find(claim.id())).isEmpty();
    assertThat(finish(claim, answer("late"))).isFalse();
    assertThat(work().renew(Map.of(claim.id(), claim.token())).lost()).containsExactly(claim.id());
  }

  @Test
  void aDeletedJobInLineIsPassedOver() {
    JobId gone = enqueue(request());
    JobId next = enqueue(request());
    jobs().delete(gone, true);

    assertThat(claim(work(), 1).claims().stream().map(Claim::id)).containsExactly(next);
  }

  @Test
  void everyKindOfOutcomeIsReadAsItWasWritten() {
    JobError error = new JobError("TIMEOUT", "timeout", "too slow", "ask for less");
    Partial partial = new Partial("[1,2]", 2L, null);
    List<Outcome> outcomes =
        List.of(
            new Outcome.Answered("{\"isError\":true}", true),
            new Outcome.Refused(-32602, "no", "{\"a\":1}"),
            new Outcome.Refused(-32603, "no", null),
            new Outcome.Failed(error, partial),
            new Outcome.GivenUp(error, null));
    for (Outcome outcome : outcomes) {
      Claim claim = started(request());
      assertThat(finish(claim, outcome)).isTrue();
      assertThat(jobs().outcome(claim.id())).contains(outcome);
      assertThat(job(claim.id()).state()).isEqualTo(outcome.state());
    }
  }

  @Test
  void aFullQueueRefusesTheWholeBatch() {
    JobQueue small = smallJobs();
    small.enqueue(List.of(request()));

    assertThatThrownBy(() -> small.enqueue(List.of(request(), request())))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("longhaul.queue.max-length");
    assertThat(small.enqueue(List.of(request()))).hasSize(1);
    assertThat(small.list(new JobFilter("local", null, null, null, 10)).jobs()).hasSize(2);
  }

  @Test
  void listingPagesThroughAllOfAnOwnersJobsNewestFirst() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ids.add(enqueue(request()));
    }
    jobs().cancel(ids.get(3));

    List<JobId> seen = new ArrayList<>();
    String cursor = null;
    do {
      JobPage page = jobs().list(new JobFilter("local", null, null, cursor, 10));
      page.jobs().forEach(job -> seen.add(job.id()));
      cursor = page.nextCursor();
      enqueue(request()); // newer jobs do not change the following pages
    } while (cursor != null);

    assertThat(seen).containsExactlyElementsOf(ids.reversed());
    assertThat(
            jobs().list(new JobFilter("local", JobState.CANCELLED, null, null, 10)).jobs().stream()
                .map(Job::id))
        .containsExactly(ids.get(3));
    assertThat(jobs().list(new JobFilter("local", null, "other", null, 10)).jobs()).isEmpty();
    assertThat(jobs().list(new JobFilter("somebody", null, null, null, 10)).jobs()).isEmpty();
  }

  /** A job of a method that calls no tool. */
  private static JobRequest reading(String method) {
    JobRequest r = request();
    return new JobRequest(
        method,
        null,
        "{\"uri\":\"a:b\"}",
        r.owner(),
        r.queue(),
        r.priority(),
        r.delay(),
        r.held(),
        r.timeout(),
        r.retryUntil(),
        r.retry(),
        Map.of());
  }

  @Test
  void aJobWithoutAToolIsClaimedRetriedTakenBackAndEndsLikeAnyOther() {
    JobId id = enqueue(reading("resources/read"));
    assertThat(job(id).tool()).isNull();
    assertThat(job(id).method()).isEqualTo("resources/read");

    Claim first = claimOne();
    assertThat(first.tool()).isNull();
    assertThat(first.method()).isEqualTo("resources/read");
    assertThat(first.params()).isEqualTo("{\"uri\":\"a:b\"}");
    assertThat(work().start(List.of(first)).join()).containsExactly(id);
    JobError error = new JobError(JobError.TOOL_FAILED, "IOException", "no", "wait");
    assertThat(complete(new Completion.Retry(id, first.token(), Duration.ofMinutes(1), error)))
        .isTrue();
    makeDue();

    Claim second = claimOne();
    work().start(List.of(second)).join();
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(id);

    Claim third = claimOne();
    assertThat(third.attempt()).isEqualTo(3);
    work().start(List.of(third)).join();
    assertThat(finish(third, new Outcome.Answered("{\"contents\":[]}", false))).isTrue();
    assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(jobs().cancel(id)).isEqualTo(CancelAnswer.ALREADY_FINISHED);
  }

  @Test
  void listingCanAskForOneMethod() {
    JobId call = enqueue(request());
    JobId read = enqueue(reading("resources/read"));
    JobId list = enqueue(reading("resources/list"));

    assertThat(listed("resources/read")).containsExactly(read);
    assertThat(listed("resources/list")).containsExactly(list);
    assertThat(listed("tools/call")).containsExactly(call);
    assertThat(listed("resources")).isEmpty();
    assertThat(listed(null)).containsExactly(list, read, call);
  }

  private List<JobId> listed(@Nullable String method) {
    return jobs().list(new JobFilter("local", null, null, method, null, 10)).jobs().stream()
        .map(Job::id)
        .toList();
  }

  @Test
  void aBadCursorIsRefused() {
    assertThatThrownBy(() -> jobs().list(new JobFilter("local", null, null, "no cursor", 10)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void depthsCountWhatWaitsAndRuns() {
    started(request());
    enqueue(request(Priority.URGENT, RetryPolicy.once()));
    enqueue(delayed(Duration.ofMinutes(1)));

    QueueDepths depths = jobs().depths();
    assertThat(depths.waiting().get("default")).containsExactly(1L, 0L, 0L, 0L);
    assertThat(depths.scheduled()).isEqualTo(1);
    assertThat(depths.running()).isEqualTo(1);
  }

  @Test
  void runTimesAreAveraged() {
    assertThat(jobs().averageTime("greet")).isEmpty();
    work().recordTimes("greet", 2, 300).join();
    assertThat(jobs().averageTime("greet")).contains(Duration.ofMillis(150));
    work().recordTimes("greet", 1, 450).join();
    assertThat(jobs().averageTime("greet")).contains(Duration.ofMillis(250));
  }

  @Test
  void aLargeResultIsReadAsItWasWritten() {
    Claim claim = started(request());
    String json = "{\"content\":\"" + "Zoë und die Wörter ".repeat(20_000) + "\"}";
    Outcome outcome = new Outcome.Answered(json, false);
    assertThat(finish(claim, outcome)).isTrue();
    assertThat(finish(claim, outcome)).as("said again").isTrue();
    assertThat(jobs().outcome(claim.id())).contains(outcome);
  }

  @Test
  void aLargeResultOfALostLeaseIsNotKept() {
    Claim zombie = started(request());
    expireLeases();
    work().reap(10);
    Claim next = claimOne();
    work().start(List.of(next)).join();
    assertThat(finish(zombie, new Outcome.Answered("\"" + "x".repeat(100_000) + "\"", false)))
        .isFalse();
    assertThat(finish(next, answer("mine"))).isTrue();
    assertThat(jobs().outcome(next.id())).contains(answer("mine"));
  }
}
