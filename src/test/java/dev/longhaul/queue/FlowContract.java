package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.FlowView.Reason;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.JobQueue.DeleteAnswer;
import dev.longhaul.queue.JobQueue.ReleaseAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract of {@link FlowQueue}, for every adapter. */
public abstract class FlowContract extends FlowSteps {
  /** A flow queue with a limit of two waiting jobs. */
  protected abstract FlowQueue smallFlows();

  /** Makes every scheduled job due. */
  protected abstract void makeDue();

  /** Makes every flow that waits for upkeep due, so that the next reap examines it. */
  protected abstract void upkeepIsDue();

  /** Runs the upkeep of flows that many times. */
  protected void upkeep(int times) {
    for (int i = 0; i < times; i++) {
      upkeepIsDue();
      work().reap(100);
    }
  }

  @Test
  void aBatchSaysWhatItsJobsWaitFor() {
    work().openBreaker("child", Duration.ofHours(1)).join();
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(2));
    flows().seal(flow, 2);
    assertThat(view(flow).waiting()).isNull();
    assertThat(claim(10)).isEmpty();
    Waiting waiting = Objects.requireNonNull(view(flow).waiting());
    assertThat(waiting.reason()).isEqualTo(Waiting.Reason.BREAKER);
    assertThat(view(flow).counts().heldBack()).isEqualTo(2);
    work().openBreaker("child", Duration.ofHours(3)).join();
    assertThat(Objects.requireNonNull(view(flow).waiting()).until())
        .isAfter(Objects.requireNonNull(waiting.until()));

    jobs().cancel(children(flow).getFirst());
    assertThat(view(flow).counts().heldBack())
        .isEqualTo(view(flow).counts().cancelled() == 2 ? 0 : 1);
    work().closeBreaker("child").join();
    assertThat(view(flow).counts().heldBack()).isZero();
    assertThat(view(flow).waiting()).isNull();
  }

  @Test
  void aBatchStartsWhenItIsSealedAndThenAndFinallyRunAtItsEnd() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(3));
    addCallbacks(flow);
    assertThat(view(flow).state()).isEqualTo(FlowState.STAGING);
    assertThat(view(flow).counts().total()).isNull();
    assertThat(states(flow)).containsOnly(JobState.HELD);
    assertThat(claim(10)).isEmpty();

    flows().seal(flow, 3);
    assertThat(view(flow).state()).isEqualTo(FlowState.RUNNING);
    assertThat(view(flow).times().sealedAt()).isNotNull();
    List<Claim> claims = started(3);
    assertThat(claims.stream().map(FlowSteps::indexOf)).isEqualTo(upTo(3));
    assertThat(claims.stream().map(Claim::id).toList()).isEqualTo(children(flow));
    assertThat(succeed(claims.get(0))).isTrue();
    assertThat(succeed(claims.get(2))).isTrue();
    assertThat(view(flow).counts().completed()).isEqualTo(2);
    assertThat(claim(10)).isEmpty();

    assertThat(succeed(claims.get(1))).isTrue();
    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.COMPLETED);
    assertThat(view.reason()).isNull();
    assertThat(view.counts().completed()).isEqualTo(3);
    assertThat(view.times().finishedAt()).isNotNull();
    assertThat(view.times().expiresAt()).isAfter(view.times().finishedAt());
    assertThat(view.callbacks().keySet())
        .containsExactlyInAnyOrder(FlowCallback.THEN, FlowCallback.FINALLY);
    assertThat(jobs().find(callback(flow, FlowCallback.CATCH))).isEmpty();
    assertThat(runAll()).containsExactly("then", "finally");
  }

  @Test
  void theJobQueueShowsHandsOutWatchesAndCancelsABatchAsTheJobThatItsCallIs() {
    JobId flow = batch(false, 2);
    assertThat(jobs().find(flow)).isEmpty();
    Job job = jobs().operation(flow).orElseThrow();
    assertThat(job.tool()).isEqualTo(FlowKind.BATCH.tool());
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.handedOut()).isFalse();
    assertThat(jobs().detach(flow, null).orElseThrow().handedOut()).isTrue();
    assertThat(jobs().release(flow)).isEqualTo(ReleaseAnswer.NOT_HELD);
    try (var watch = jobs().watch(flow, () -> {})) {
      assertThat(watch.job()).map(Job::id).contains(flow);
    }

    assertThat(jobs().cancel(flow)).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(jobs().operation(flow).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    assertThat(jobs().cancel(flow)).isEqualTo(CancelAnswer.ALREADY_FINISHED);
    JobId unknown = JobId.create(0, flow.shard());
    assertThat(jobs().operation(unknown)).isEmpty();
    assertThat(jobs().detach(unknown, null)).isEmpty();
    assertThat(jobs().cancel(unknown)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(jobs().release(unknown)).isEqualTo(ReleaseAnswer.UNKNOWN);
  }

  @Test
  void aViewSaysWhatWasAskedFor() {
    JobId flow = openBatch(true);
    FlowView view = view(flow);
    assertThat(view.id()).isEqualTo(flow);
    assertThat(view.kind()).isEqualTo(FlowKind.BATCH);
    assertThat(view.name()).isEqualTo("nightly");
    assertThat(view.owner()).isEqualTo("local");
    assertThat(view.allowFailures()).isTrue();
    assertThat(view.counts().staged()).isZero();
    assertThat(view.callbacks()).isEmpty();
    assertThat(view.times().createdAt()).isNotNull();
  }

  @Test
  void anUnknownFlowIsUnknownEverywhere() {
    JobId id = JobId.create(0, 0);
    assertThat(flows().find(id)).isEmpty();
    assertThat(flows().children(id, 0, 10)).isEmpty();
    assertThat(flows().cancel(id)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThatThrownBy(() -> flows().stage(id, 0, requests(1)))
        .isInstanceOf(FlowNotOpenException.class);
    assertThatThrownBy(() -> flows().seal(id, 1)).isInstanceOf(FlowNotOpenException.class);
    assertThatThrownBy(() -> addCallbacks(id)).isInstanceOf(FlowNotOpenException.class);
  }

  @Test
  void stagingAgainChangesNothing() {
    JobId flow = openBatch(false);
    flows().stage(flow, 2, requests(2));
    List<JobRequest> all = new ArrayList<>(requests(2));
    all.addAll(Collections.nCopies(3, request("other")));
    flows().stage(flow, 0, all);
    addCallbacks(flow);
    addCallbacks(flow);
    assertThat(view(flow).counts().staged()).isEqualTo(5);
    flows().seal(flow, 5);
    flows().seal(flow, 5);
    flows().stage(flow, 0, all);
    addCallbacks(flow);

    // The request that was stored first for a child counts.
    assertThat(runAll())
        .containsExactly("child", "child", "child", "child", "other", "then", "finally");
    assertThat(view(flow).counts().completed()).isEqualTo(5);
    flows().seal(flow, 5);
    assertThat(runAll()).isEmpty();
  }

  @Test
  void aFlowWithAGapCannotBeSealedAndASealedOneTakesNoMore() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(2));
    flows().stage(flow, 3, requests(1));
    for (int total : List.of(2, 3, 4)) {
      assertThatThrownBy(() -> flows().seal(flow, total))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("3 are staged");
    }
    flows().stage(flow, 2, requests(1));
    flows().seal(flow, 4);
    assertThatThrownBy(() -> flows().stage(flow, 4, requests(1)))
        .isInstanceOf(FlowNotOpenException.class);
    assertThatThrownBy(() -> addCallbacks(flow)).isInstanceOf(FlowNotOpenException.class);
    assertThatThrownBy(() -> flows().seal(flow, 5)).isInstanceOf(FlowNotOpenException.class);
    assertThat(runAll()).hasSize(4);
  }

  @Test
  void anEmptyBatchCompletesAtOnce() {
    JobId flow = batch(false, 0);
    assertThat(view(flow).state()).isEqualTo(FlowState.COMPLETED);
    assertThat(runAll()).containsExactly("then", "finally");
  }

  @Test
  void theJobsOfAFlowAreOfItsOwner() {
    JobId flow = flows().open(new FlowRequest(FlowKind.BATCH, "x", "somebody", false));
    assertThatThrownBy(() -> flows().stage(flow, 0, requests(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("owner");
    assertThatThrownBy(() -> addCallbacks(flow)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tooManyChildrenAreRefused() {
    JobId flow = openBatch(false);
    assertThatThrownBy(() -> flows().stage(flow, 19_999, requests(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max-children");
  }

  @Test
  void aBatchThatItsQueueCannotHoldIsRefusedWhileItIsStagedAChainIsNot() {
    JobId batch = openBatch(false);
    flows().stage(batch, 0, requests(1));
    assertThatThrownBy(() -> smallFlows().stage(batch, 1, requests(2)))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("max-length");
    assertThat(view(batch).counts().staged()).isEqualTo(1);
    smallFlows().stage(batch, 1, requests(1));
    jobs().enqueue(requests(1));
    assertThatThrownBy(() -> smallFlows().seal(batch, 2)).isInstanceOf(QueueFullException.class);
    assertThat(runAll()).hasSize(1);
    smallFlows().seal(batch, 2);
    assertThat(runAll()).hasSize(2);

    JobId chain = openChain();
    smallFlows().stage(chain, 0, requests(3));
    smallFlows().seal(chain, 3);
    assertThat(runAll()).hasSize(3);
  }

  @Test
  void theFirstFailureStartsCatchAndStopsWhatDoesNotRun() {
    JobId flow = batch(false, 300);
    List<Claim> claims = started(2);
    assertThat(fail(claims.get(0))).isTrue();

    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.RUNNING);
    assertThat(view.reason()).isEqualTo(Reason.CHILD_FAILED);
    assertThat(view.callbacks().keySet()).containsExactly(FlowCallback.CATCH);
    // No further child starts, even if upkeep has not cancelled it yet.
    assertThat(started(1).getFirst().tool()).isEqualTo("catch");
    assertThat(claim(10)).isEmpty();
    upkeep(3);
    assertThat(view(flow).counts().cancelled()).isEqualTo(298);

    assertThat(giveUp(claims.get(1))).isTrue();
    view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.FAILED);
    assertThat(view.counts().failed()).isEqualTo(2);
    assertThat(view.counts().completed()).isZero();
    assertThat(view.callbacks().keySet())
        .containsExactlyInAnyOrder(FlowCallback.CATCH, FlowCallback.FINALLY);
    assertThat(jobs().find(callback(flow, FlowCallback.THEN))).isEmpty();
    assertThat(runAll()).containsExactly("finally");
  }

  @Test
  void withAllowedFailuresTheOthersGoOnAndThenRuns() {
    JobId flow = batch(true, 4);
    List<Claim> claims = started(1);
    assertThat(giveUp(claims.getFirst())).isTrue();
    assertThat(fail(started(1).getFirst())).isTrue();
    assertThat(view(flow).reason()).isNull();

    assertThat(runAll()).containsExactly("child", "child", "catch", "then", "finally");
    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.COMPLETED);
    assertThat(view.counts().failed()).isEqualTo(2);
    assertThat(view.counts().completed()).isEqualTo(2);
  }

  @Test
  void aResultThatSaysIsErrorIsAFailureOfTheFlowNotOfTheJob() {
    JobId flow = chain(2);
    Claim first = started(1).getFirst();
    assertThat(finish(first, new Outcome.Answered("{\"isError\":true}", true))).isTrue();

    assertThat(states(flow)).containsExactly(JobState.COMPLETED, JobState.CANCELLED);
    assertThat(view(flow).state()).isEqualTo(FlowState.FAILED);
    assertThat(flows().children(flow, 0, 5).getFirst().end()).isEqualTo(FlowChild.End.FAILED);
    assertThat(runAll()).containsExactly("catch", "finally");
  }

  @Test
  void aFailedAttemptIsNotAnEnd() {
    JobId flow = batch(false, 1);
    Claim claim = started(1).getFirst();
    assertThat(
            complete(
                new Completion.Retry(
                    claim.id(), claim.token(), Duration.ofMinutes(1), JobError.timeout(1))))
        .isTrue();
    assertThat(view(flow).counts().failed()).isZero();
    makeDue();
    assertThat(runAll()).containsExactly("child", "then", "finally");
  }

  @Test
  void noAttemptFollowsInABatchThatWasStopped() {
    JobId flow = batch(false, 2);
    List<Claim> claims = started(2);
    assertThat(fail(claims.get(0))).isTrue();
    Claim other = claims.get(1);
    var retry =
        new Completion.Retry(other.id(), other.token(), Duration.ofMinutes(1), JobError.timeout(1));
    assertThat(complete(retry)).isTrue();
    assertThat(complete(retry)).isTrue();

    assertThat(states(flow)).containsExactly(JobState.FAILED, JobState.CANCELLED);
    // The job is cancelled, so the failure of its attempt is not an error of the job.
    assertThat(jobs().find(other.id()).orElseThrow().error()).isNull();
    assertThat(jobs().find(other.id()).orElseThrow().attempts().getLast().error()).isNotNull();
    assertThat(view(flow).state()).isEqualTo(FlowState.FAILED);
    assertThat(runAll()).containsExactly("catch", "finally");
  }

  @Test
  void anEndThatIsReportedTwiceCountsOnce() {
    JobId flow = batch(false, 3);
    List<Claim> claims = started(2);
    for (int i = 0; i < 3; i++) {
      assertThat(succeed(claims.getFirst())).isTrue();
    }
    assertThat(view(flow).counts().completed()).isEqualTo(1);
    assertThat(view(flow).state()).isEqualTo(FlowState.RUNNING);
    assertThat(succeed(claims.getLast())).isTrue();
    runAll();
    assertThat(succeed(claims.getLast())).isTrue();
    assertThat(jobs().delete(claims.getFirst().id(), true)).isEqualTo(DeleteAnswer.DELETED);
    assertThat(view(flow).counts().completed()).isEqualTo(3);
    assertThat(view(flow).counts().cancelled()).isZero();
    assertThat(runAll()).isEmpty();
  }

  @Test
  void cancelledAndDeletedChildrenAreCountedApartAndEndABatchAsCancelled() {
    JobId flow = batch(false, 4);
    List<JobId> ids = children(flow);
    assertThat(jobs().cancel(ids.get(1))).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(jobs().delete(ids.get(2), true)).isEqualTo(DeleteAnswer.DELETED);
    assertThat(view(flow).reason()).isNull();

    assertThat(runAll()).containsExactly("child", "child", "finally");
    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view.reason()).isEqualTo(Reason.CHILD_CANCELLED);
    assertThat(view.counts().completed()).isEqualTo(2);
    assertThat(view.counts().cancelled()).isEqualTo(2);
    List<FlowChild> children = flows().children(flow, 1, 2);
    assertThat(children.get(0).state()).isEqualTo(JobState.CANCELLED);
    assertThat(children.get(1).state()).isNull();
    assertThat(children.get(1).end()).isEqualTo(FlowChild.End.CANCELLED);
  }

  @Test
  void aChainRunsItsStepsInOrder() {
    JobId flow = chain(4);
    for (int step = 0; step < 4; step++) {
      Claim claim = started(1).getFirst();
      assertThat(indexOf(claim)).isEqualTo(step);
      assertThat(claim(5)).isEmpty();
      assertThat(view(flow).counts().completed()).isEqualTo(step);
      assertThat(succeed(claim)).isTrue();
      // The next step finds the result of this one.
      assertThat(jobs().outcome(new FlowRef(flow, step).job())).isPresent();
    }
    assertThat(view(flow).state()).isEqualTo(FlowState.COMPLETED);
    assertThat(runAll()).containsExactly("then", "finally");
  }

  @Test
  void aChainEndsWithTheStepThatFails() {
    JobId flow = chain(4);
    assertThat(succeed(started(1).getFirst())).isTrue();
    assertThat(giveUp(started(1).getFirst())).isTrue();

    assertThat(states(flow))
        .containsExactly(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED, JobState.CANCELLED);
    assertThat(view(flow).state()).isEqualTo(FlowState.FAILED);
    assertThat(view(flow).reason()).isEqualTo(Reason.CHILD_FAILED);
    assertThat(runAll()).containsExactly("catch", "finally");
  }

  @Test
  void aChainEndsWithAStepThatIsCancelledOnceWhatRunsHasEnded() {
    JobId flow = chain(4);
    Claim first = started(1).getFirst();
    assertThat(jobs().cancel(children(flow).get(2))).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(view(flow).reason()).isEqualTo(Reason.CHILD_CANCELLED);
    assertThat(view(flow).state()).isEqualTo(FlowState.RUNNING);

    assertThat(succeed(first)).isTrue();
    assertThat(view(flow).state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view(flow).counts().cancelled()).isEqualTo(3);
    assertThat(runAll()).containsExactly("finally");
  }

  @Test
  void aStepCannotBeStartedOutOfTurn() {
    JobId flow = chain(2);
    JobId second = children(flow).get(1);
    assertThat(jobs().release(second)).isEqualTo(ReleaseAnswer.NOT_HELD);
    assertThat(jobs().release(callback(flow, FlowCallback.THEN))).isEqualTo(ReleaseAnswer.NOT_HELD);
    assertThat(state(second)).isEqualTo(JobState.HELD);
    assertThat(runAll()).containsExactly("child", "child", "then", "finally");
  }

  @Test
  void aChainOfWhichAStepWasCancelledBeforehandDoesNotStart() {
    JobId flow = openChain();
    flows().stage(flow, 0, requests(3));
    addCallbacks(flow);
    jobs().cancel(children(flow).get(1));
    flows().seal(flow, 3);
    assertThat(view(flow).state()).isEqualTo(FlowState.CANCELLED);
    assertThat(runAll()).containsExactly("finally");
  }

  @Test
  void aCancelEndsAllChildrenAndRunsFinallyOnly() {
    JobId flow = batch(false, 4);
    List<Claim> claims = started(2);
    assertThat(succeed(claims.get(0))).isTrue();
    Set<JobId> told = new HashSet<>();
    assertThat(flows().cancel(flow)).isEqualTo(CancelAnswer.CANCELLED);

    told.addAll(work().renew(Map.of(claims.get(1).id(), claims.get(1).token())).cancelled());
    assertThat(told).containsExactly(claims.get(1).id());
    assertThat(succeed(claims.get(1))).isFalse();
    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(view.counts().completed()).isEqualTo(1);
    assertThat(view.counts().cancelled()).isEqualTo(3);
    assertThat(view.times().finishedAt()).isNotNull();
    assertThat(runAll()).containsExactly("finally");
    assertThat(flows().cancel(flow)).isEqualTo(CancelAnswer.ALREADY_FINISHED);
    assertThat(work().attachPartial(claims.get(1).id(), claims.get(1).token(), null).join())
        .isTrue();
  }

  @Test
  void aCancelBeforeTheSealLeavesNothingToRun() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(2));
    flows().stage(flow, 7, requests(2));
    addCallbacks(flow);
    assertThat(flows().cancel(flow)).isEqualTo(CancelAnswer.CANCELLED);

    assertThat(view(flow).state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view(flow).times().finishedAt()).isNotNull();
    assertThat(view(flow).callbacks()).isEmpty();
    assertThat(jobs().find(callback(flow, FlowCallback.FINALLY))).isEmpty();
    assertThat(runAll()).isEmpty();
    assertThatThrownBy(() -> flows().seal(flow, 4)).isInstanceOf(FlowNotOpenException.class);
  }

  @Test
  void aFlowThatIsNotSealedInTimeIsEndedByUpkeep() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(150));
    addCallbacks(flow);
    work().reap(100);
    assertThat(view(flow).state()).isEqualTo(FlowState.STAGING);

    upkeep(3);
    FlowView view = view(flow);
    assertThat(view.state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view.reason()).isEqualTo(Reason.NEVER_SEALED);
    assertThat(view.times().finishedAt()).isNotNull();
    assertThat(view.counts().cancelled()).isEqualTo(150);
    assertThat(runAll()).isEmpty();
    assertThatThrownBy(() -> flows().seal(flow, 150)).isInstanceOf(FlowNotOpenException.class);
  }

  @Test
  void tenThousandChildren() {
    int count = 10_000;
    JobId flow = openBatch(false);
    for (int from = 0; from < count; from += 2_500) {
      flows().stage(flow, from, requests(2_500));
    }
    addCallbacks(flow);
    flows().seal(flow, count);

    assertThat(runAll()).hasSize(count + 2).endsWith("then", "finally");
    assertThat(view(flow).counts().completed()).isEqualTo(count);
    List<FlowChild> last = flows().children(flow, count - 3, 500);
    assertThat(last.stream().map(FlowChild::index)).containsExactly(9_997, 9_998, 9_999);
    assertThat(last).allMatch(child -> child.end() == FlowChild.End.COMPLETED);
  }

  @Test
  void theOwnersListingHasChildrenOnceTheyStart() {
    JobId flow = chain(2);
    assertThat(listed()).containsExactly(children(flow).getFirst());
    runAll();
    assertThat(listed())
        .containsExactlyInAnyOrder(
            children(flow).get(0),
            children(flow).get(1),
            callback(flow, FlowCallback.THEN),
            callback(flow, FlowCallback.FINALLY));
  }

  private List<JobId> listed() {
    return jobs().list(new JobFilter("local", null, null, null, 100)).jobs().stream()
        .map(job -> job.id())
        .toList();
  }

  @Test
  void aBatchCanHaveSeveralCallbacksOfAKind() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(1));
    flows()
        .callbacks(
            flow,
            Map.of(
                FlowCallback.THEN, List.of(request("then-0"), request("then-1"), request("then-2")),
                FlowCallback.CATCH, List.of(request("catch-0"), request("catch-1"))));
    flows().seal(flow, 1);

    assertThat(runAll()).containsExactlyInAnyOrder("child", "then-0", "then-1", "then-2");
    assertThat(view(flow).callbacks().get(FlowCallback.THEN))
        .containsExactly(
            FlowRef.of(flow, FlowCallback.THEN).job(),
            FlowRef.of(flow, FlowCallback.THEN, 1).job(),
            FlowRef.of(flow, FlowCallback.THEN, 2).job());
    assertThat(jobs().find(FlowRef.of(flow, FlowCallback.CATCH, 1).job())).isEmpty();
  }

  @Test
  void childrenAreListedInTheOrderInWhichTheyEnded() {
    JobId flow = openBatch(true);
    flows().stage(flow, 0, requests(3));
    flows().seal(flow, 3);
    List<Claim> claims = started(3);
    assertThat(flows().ended(flow, 0, 10)).isEmpty();

    fail(claims.get(2));
    succeed(claims.get(0));
    assertThat(flows().ended(flow, 0, 10))
        .containsExactly(indexOf(claims.get(2)), indexOf(claims.get(0)));
    succeed(claims.get(1));
    assertThat(flows().ended(flow, 2, 10)).containsExactly(indexOf(claims.get(1)));
  }

  @Test
  void aWatcherHearsOfEachChildThatEnds() throws InterruptedException {
    JobId flow = openBatch(true);
    flows().stage(flow, 0, requests(2));
    flows().seal(flow, 2);
    var heard = new java.util.concurrent.Semaphore(0);
    try (var _ = jobs().watch(flow, heard::release)) {
      List<Claim> claims = started(2);
      succeed(claims.get(0));
      assertThat(heard.tryAcquire(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void underAKnownKeyItIsTheSameFlow() {
    var key = IdempotencyKey.of("local", "batch", "mine", "content");
    var request = new FlowRequest(FlowKind.BATCH, "nightly", "local", false, key);
    JobId flow = flows().open(request);
    flows().stage(flow, 0, requests(1));

    // The process dies here; the client repeats the whole submission.
    assertThat(flows().open(request)).isEqualTo(flow);
    flows().stage(flow, 0, requests(2));
    flows().seal(flow, 2);
    assertThat(flows().open(request)).isEqualTo(flow);
    assertThat(runAll()).hasSize(2);
    assertThat(flows().open(request)).isEqualTo(flow);

    var other = IdempotencyKey.of("local", "batch", "mine", "other content");
    assertThatThrownBy(
            () -> flows().open(new FlowRequest(FlowKind.BATCH, "nightly", "local", false, other)))
        .isInstanceOf(IdempotencyConflictException.class);
  }

  @Test
  void theKeyOfAFlowThatWasNeverSealedIsFree() {
    var key = IdempotencyKey.of("local", "batch", "given up", "content");
    var request = new FlowRequest(FlowKind.BATCH, "nightly", "local", false, key);
    JobId flow = flows().open(request);
    flows().cancel(flow);
    assertThat(flows().open(request)).isNotEqualTo(flow);
  }

  @Test
  void itIsRememberedThatItsIdWasHandedOut() {
    JobId flow = openBatch(false);
    assertThat(view(flow).handedOut()).isFalse();
    flows().handOut(flow);
    assertThat(view(flow).handedOut()).isTrue();
  }
}
