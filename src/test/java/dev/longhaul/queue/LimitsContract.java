package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.JobQueue.DeleteAnswer;
import dev.longhaul.queue.JobQueue.ReleaseAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract for jobs that may not start yet: limits, breakers, held jobs, idempotency keys. */
public abstract class LimitsContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limits TWO_AT_ONCE = new Limits(2, null, null);

  protected abstract JobQueue jobs();

  protected abstract JobQueue smallJobs();

  protected abstract WorkQueue work();

  protected abstract WorkQueue otherWork();

  protected abstract void expireLeases();

  protected abstract void makeDue();

  /** Lets enough time pass for buckets, gates and breakers. */
  protected abstract void timePasses();

  /** Makes the first job of every list appear to have waited for an hour. */
  protected abstract void headsHaveWaited();

  private static JobRequest request(String tool, Priority priority, Duration delay, boolean held) {
    return new JobRequest(
        "tools/call",
        tool,
        "{}",
        "local",
        "default",
        priority,
        delay,
        held,
        HOUR,
        HOUR,
        new RetryPolicy(2, List.of(Duration.ZERO), true),
        Map.of());
  }

  private static JobRequest by(String owner, JobRequest r) {
    return new JobRequest(
        r.method(),
        r.tool(),
        r.params(),
        owner,
        r.queue(),
        r.priority(),
        r.delay(),
        r.held(),
        r.timeout(),
        r.retryUntil(),
        r.retry(),
        Map.of());
  }

  private static JobRequest request(String tool) {
    return request(tool, Priority.DEFAULT, Duration.ZERO, false);
  }

  private List<JobId> enqueue(JobRequest request, int count) {
    return jobs().enqueue(Collections.nCopies(count, request));
  }

  private static List<Claim> claim(WorkQueue work, int count) {
    return work.step(List.of(), List.of("default"), count).join().claims();
  }

  private List<Claim> started(int count) {
    List<Claim> claims = claim(work(), count);
    assertThat(work().start(claims).join()).hasSize(claims.size());
    return claims;
  }

  private void finish(Claim claim) {
    var done =
        new Completion.Finished(claim.id(), claim.token(), new Outcome.Answered("{}", false));
    assertThat(work().step(List.of(done), List.of("default"), 0).join().accepted())
        .containsExactly(true);
  }

  private Job job(JobId id) {
    return jobs().find(id).orElseThrow();
  }

  private static List<JobId> ids(List<Claim> claims) {
    return claims.stream().map(Claim::id).toList();
  }

  @Test
  void noMoreJobsOfAToolRunThanItHasSlots() {
    List<JobId> ids = enqueue(request("scarce").limited(TWO_AT_ONCE), 5);
    List<JobId> others = enqueue(request("plenty"), 2);

    List<Claim> first = started(10);
    assertThat(ids(first))
        .containsExactlyInAnyOrder(ids.get(0), ids.get(1), others.get(0), others.get(1));
    assertThat(claim(otherWork(), 10)).isEmpty();
    assertThat(job(ids.get(4)).waiting())
        .isEqualTo(new Waiting(Waiting.Reason.CONCURRENCY, null, 2));
    assertThat(job(ids.get(4)).state()).isEqualTo(JobState.QUEUED);
    assertThat(jobs().depths().heldBack()).isEqualTo(3);

    finish(first.getFirst());
    assertThat(ids(claim(otherWork(), 10))).containsExactly(ids.get(2));
    assertThat(job(ids.get(2)).waiting()).isNull();
    assertThat(jobs().depths().heldBack()).isEqualTo(2);
  }

  @Test
  void aCallerWhoFilledTheLineOfALimitedToolKeepsNobodyBehindAllOfIt() {
    Limits one = new Limits(1, null, null);
    List<JobId> many = enqueue(by("many", request("scarce")).limited(one), 20);
    Claim first = started(30).getFirst(); // the others wait at the tool's gate
    JobId other = enqueue(by("other", request("scarce")).limited(one), 1).getFirst();
    assertThat(claim(work(), 30)).isEmpty();
    assertThat(jobs().depths().heldBack()).isEqualTo(20);

    List<JobId> order = new ArrayList<>(List.of(many.getFirst()));
    Claim running = first;
    while (order.size() < 21) {
      finish(running);
      running = started(30).getFirst();
      order.add(running.id());
    }
    assertThat(order.indexOf(other)).isLessThanOrEqualTo(2);
    order.remove(other);
    assertThat(order).containsExactlyElementsOf(many);
  }

  @Test
  void theMoreUrgentOfThoseThatWaitForASlotGoesFirst() {
    Limits one = new Limits(1, null, null);
    enqueue(request("scarce").limited(one), 1);
    List<Claim> running = started(1);
    JobId low =
        enqueue(request("scarce", Priority.LOW, Duration.ZERO, false).limited(one), 1).getFirst();
    JobId urgent =
        enqueue(request("scarce", Priority.URGENT, Duration.ZERO, false).limited(one), 1)
            .getFirst();
    assertThat(claim(work(), 10)).isEmpty();

    finish(running.getFirst());
    List<Claim> next = started(10);
    assertThat(ids(next)).containsExactly(urgent);
    finish(next.getFirst());
    assertThat(ids(started(10))).containsExactly(low);
  }

  @Test
  void aLostWorkerGivesItsSlotsBack() {
    List<JobId> ids = enqueue(request("scarce").limited(TWO_AT_ONCE), 3);
    started(10);
    expireLeases();

    assertThat(work().reap(10).requeued()).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
    assertThat(claim(otherWork(), 10)).hasSize(2);
  }

  @Test
  void anEndWithoutAResultFreesTheSlotToo() {
    Limits one = new Limits(1, null, null);
    List<JobId> ids = enqueue(request("scarce").limited(one), 4);
    Claim first = started(10).getFirst();
    var retry =
        new Completion.Retry(
            first.id(), first.token(), HOUR, new JobError("X", "x", "failed", "wait"));
    assertThat(work().step(List.of(retry), List.of("default"), 0).join().accepted().getFirst())
        .isTrue();

    Claim second = started(10).getFirst();
    assertThat(second.id()).isEqualTo(ids.get(1));
    jobs().cancel(second.id());
    assertThat(claim(otherWork(), 10)).as("its tool has yet to stop").isEmpty();
    work().attachPartial(second.id(), second.token(), null).join();
    Claim third = started(10).getFirst();
    assertThat(third.id()).isEqualTo(ids.get(2));
    jobs().delete(third.id(), true);
    assertThat(ids(claim(otherWork(), 10))).containsExactly(ids.get(3));
  }

  @Test
  void aWorkerThatDidNotHearOfTheCancelFreesTheSlotWithItsOutcome() {
    List<JobId> ids = enqueue(request("scarce").limited(new Limits(1, null, null)), 2);
    Claim first = started(10).getFirst();
    jobs().cancel(first.id());
    var done =
        new Completion.Finished(first.id(), first.token(), new Outcome.Answered("{}", false));

    var answer = work().step(List.of(done), List.of("default"), 10).join();
    assertThat(answer.accepted()).containsExactly(false);
    assertThat(ids(answer.claims())).containsExactly(ids.get(1));
    assertThat(job(first.id()).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aCancelledJobDoesNotComeBackFromItsWait() {
    List<JobId> ids = enqueue(request("scarce").limited(new Limits(1, null, null)), 3);
    Claim first = started(10).getFirst();
    assertThat(jobs().cancel(ids.get(1))).isEqualTo(JobQueue.CancelAnswer.CANCELLED);
    assertThat(jobs().depths().heldBack()).isEqualTo(1);
    finish(first);

    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(2));
    assertThat(jobs().depths().heldBack()).isZero();
  }

  @Test
  void jobsThatWaitForASlotCountForTheLengthOfTheQueue() {
    JobRequest scarce = request("scarce").limited(new Limits(1, null, null));
    smallJobs().enqueue(List.of(scarce, scarce));
    started(10);
    smallJobs().enqueue(List.of(scarce));

    assertThatThrownBy(() -> smallJobs().enqueue(List.of(scarce)))
        .isInstanceOf(QueueFullException.class);
  }

  @Test
  void aCallerMayAskForFewerSlotsThanTheToolHas() {
    enqueue(request("scarce").limited(TWO_AT_ONCE), 1);
    JobId modest = enqueue(request("scarce").limited(new Limits(1, null, null)), 1).getFirst();
    List<Claim> first = started(10);
    assertThat(ids(first)).doesNotContain(modest);

    finish(first.getFirst());
    assertThat(ids(claim(work(), 10))).containsExactly(modest);
  }

  @Test
  void aToolIsCalledNoMoreOftenThanItsRate() {
    List<JobId> ids =
        enqueue(request("slow").limited(new Limits(null, new Rate(2, HOUR), null)), 4);
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(0), ids.get(1));
    var answer = work().step(List.of(), List.of("default"), 10).join();
    assertThat(answer.claims()).isEmpty();
    assertThat(answer.nextDue()).isGreaterThan(Duration.ofMinutes(1));
    Waiting third = job(ids.get(2)).waiting();
    Waiting fourth = job(ids.get(3)).waiting();
    assertThat(third).isNotNull();
    assertThat(fourth).isNotNull();
    assertThat(third.reason()).isEqualTo(Waiting.Reason.TOOL_RATE);
    assertThat(fourth.until()).as("each waits for those before it").isAfter(third.until());

    timePasses();
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(2), ids.get(3));
  }

  @Test
  void whoeverIsLetGoLaterDoesNotOvertake() {
    Limits rare = new Limits(null, new Rate(1, HOUR), null);
    List<JobId> ids = enqueue(request("slow").limited(rare), 5);
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(0));

    letGo(); // releases the second job, which is not claimed yet
    letGo(); // releases the third, although the second has not taken its token
    letGo();
    assertThat(jobs().depths().heldBack()).isEqualTo(1);
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(1));
    assertThat(jobs().depths().heldBack()).as("those for whom there is no token").isEqualTo(3);
    Waiting third = job(ids.get(2)).waiting();
    Waiting fourth = job(ids.get(3)).waiting();
    assertThat(third).isNotNull();
    assertThat(fourth).isNotNull();
    assertThat(fourth.until()).isAfter(third.until());

    for (int next = 2; next < ids.size(); next++) {
      letGo();
      assertThat(ids(claim(work(), 10))).containsExactly(ids.get(next));
    }
    assertThat(jobs().depths().heldBack()).isZero();
  }

  @Test
  void whoComesTooLateAfterAllWaitsInTheOldOrder() {
    Rate hourly = new Rate(1, HOUR);
    Limits byTool = new Limits(null, hourly, null);
    List<JobId> ids = enqueue(request("slow").limited(byTool), 3);
    List<JobId> others = enqueue(request("slow").limited(new Limits(null, null, hourly)), 2);
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(0), others.get(0));
    letGo(); // releases the second job of both
    letGo(); // releases the third
    JobId urgent =
        enqueue(request("slow", Priority.URGENT, Duration.ZERO, false).limited(byTool), 1)
            .getFirst();

    assertThat(ids(claim(work(), 1))).containsExactly(urgent);
    assertThat(ids(claim(work(), 1))).containsExactly(others.get(1));
    for (int next = 1; next < ids.size(); next++) {
      letGo();
      assertThat(ids(claim(work(), 10))).containsExactly(ids.get(next));
    }
  }

  @Test
  void aJobThatWasLetGoCanBeCancelledAndDeleted() {
    Limits rare = new Limits(null, new Rate(1, HOUR), null);
    List<JobId> ids = enqueue(request("slow").limited(rare), 4);
    assertThat(claim(work(), 10)).hasSize(1);
    letGo();
    letGo();
    assertThat(jobs().cancel(ids.get(1))).isEqualTo(JobQueue.CancelAnswer.CANCELLED);
    assertThat(jobs().delete(ids.get(2), true)).isEqualTo(DeleteAnswer.DELETED);

    letGo();
    var answer = work().step(List.of(), List.of("default"), 10).join();
    assertThat(ids(answer.claims())).containsExactly(ids.get(3));
    assertThat(answer.vanished()).isZero();
    assertThat(answer.more()).isFalse();
    assertThat(jobs().depths().heldBack()).isZero();
  }

  // Lets time pass and opens the gates, without a claim.
  private void letGo() {
    timePasses();
    work().reap(10);
  }

  @Test
  void aCallersRateHoldsBackOnlyThatCaller() {
    Limits rare = new Limits(null, null, new Rate(1, HOUR));
    List<JobId> ids = enqueue(request("any").limited(rare), 2);
    JobId free = enqueue(request("any"), 1).getFirst();

    assertThat(ids(claim(work(), 10))).containsExactlyInAnyOrder(ids.get(0), free);
    Waiting waiting = job(ids.get(1)).waiting();
    assertThat(waiting).isNotNull();
    assertThat(waiting.reason()).isEqualTo(Waiting.Reason.CALLER_RATE);
    timePasses();
    assertThat(ids(claim(work(), 10))).containsExactly(ids.get(1));
  }

  @Test
  void aCallersRateHoldsBackJobsWithoutAToolAsWell() {
    JobRequest call = request("any");
    Limits rare = new Limits(null, null, new Rate(1, HOUR));
    JobRequest read =
        new JobRequest(
                "resources/read",
                null,
                "{}",
                call.owner(),
                call.queue(),
                call.priority(),
                call.delay(),
                call.held(),
                call.timeout(),
                call.retryUntil(),
                call.retry(),
                Map.of())
            .limited(rare);
    List<JobId> reads = enqueue(read, 2);

    assertThat(ids(claim(work(), 10))).hasSize(1);
    Waiting waiting = job(reads.get(1)).waiting();
    assertThat(waiting).isNotNull();
    assertThat(waiting.reason()).isEqualTo(Waiting.Reason.CALLER_RATE);
    timePasses();
    assertThat(ids(claim(work(), 10))).containsExactly(reads.get(1));
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactlyInAnyOrderElementsOf(reads);
  }

  @Test
  void whileABreakerIsOpenJobsWaitAndThenOneTries() {
    List<JobId> ids = enqueue(request("shaky"), 3);
    assertThat(work().openBreaker("shaky", HOUR).join()).isTrue();
    assertThat(otherWork().openBreaker("shaky", HOUR).join()).isFalse();

    assertThat(claim(work(), 10)).isEmpty();
    Waiting waiting = job(ids.get(0)).waiting();
    assertThat(waiting).isNotNull();
    assertThat(waiting.reason()).isEqualTo(Waiting.Reason.BREAKER);
    assertThat(waiting.until()).isNotNull();

    timePasses();
    List<Claim> probe = started(10);
    assertThat(ids(probe)).containsExactly(ids.get(0));
    assertThat(probe.getFirst().probe()).isTrue();
    assertThat(claim(otherWork(), 10)).as("one tries, not all").isEmpty();

    assertThat(work().closeBreaker("shaky").join()).isTrue();
    finish(probe.getFirst());
    List<Claim> rest = claim(work(), 10);
    assertThat(ids(rest)).containsExactly(ids.get(1), ids.get(2));
    assertThat(rest).noneMatch(Claim::probe);
    assertThat(work().closeBreaker("shaky").join()).isFalse();
  }

  private Waiting waiting(JobId id) {
    return Objects.requireNonNull(job(id).waiting());
  }

  @Test
  void whatWaitsForABreakerSaysWhenThatLetsOneTryAlsoAfterItHasOpenedAgain() {
    JobId id = enqueue(request("shaky"), 1).getFirst();
    work().openBreaker("shaky", HOUR).join();
    assertThat(claim(work(), 10)).isEmpty();
    Instant first = Objects.requireNonNull(waiting(id).until());

    work().openBreaker("shaky", HOUR.multipliedBy(2)).join();
    assertThat(waiting(id).until()).isAfterOrEqualTo(first.plus(HOUR));
    assertThat(jobs().list(new JobFilter("local", null, null, null, 10)).jobs())
        .allSatisfy(job -> assertThat(job.waiting()).isEqualTo(waiting(id)));
    assertThat(work().reap(10).broken()).containsExactly("shaky");
  }

  @Test
  void aJobThatHasTriedInVainLetsTheOthersTryBeforeItTriesAgain() {
    List<JobId> ids = enqueue(request("shaky"), 3);
    work().openBreaker("shaky", HOUR).join();
    assertThat(claim(work(), 10)).isEmpty();
    for (int i = 0; i < 5; i++) {
      timePasses();
      Claim probe = started(10).getFirst();
      assertThat(probe.id()).isEqualTo(ids.get(i % 3));
      work().openBreaker("shaky", HOUR).join();
      var failed =
          new Completion.Retry(probe.id(), probe.token(), Duration.ZERO, JobError.timeout(1));
      assertThat(work().step(List.of(failed), List.of("default"), 10).join().claims()).isEmpty();
    }
  }

  @Test
  void whatIsHeldBackCountsForTheLongestWait() {
    enqueue(request("shaky"), 1);
    work().openBreaker("shaky", HOUR).join();
    assertThat(claim(work(), 10)).isEmpty();
    await().atMost(Duration.ofMinutes(1)).until(() -> jobs().depths().oldestWaiting().isPositive());
    assertThat(jobs().depths().heldBack()).isEqualTo(1);
    assertThat(jobs().depths().waiting().get("default")).containsOnly(0L);
  }

  @Test
  void theOneThatTriesCanBeLost() {
    List<JobId> ids = enqueue(request("shaky"), 2);
    work().openBreaker("shaky", HOUR).join();
    claim(work(), 10);
    timePasses();
    assertThat(started(10)).hasSize(1);
    expireLeases();
    work().reap(10);

    List<Claim> next = claim(otherWork(), 10);
    assertThat(next).hasSize(1);
    assertThat(next.getFirst().probe()).isTrue();
    assertThat(ids).contains(next.getFirst().id());
  }

  @Test
  void aHeldJobStartsWhenItIsToldTo() {
    JobId id = enqueue(request("later", Priority.DEFAULT, Duration.ZERO, true), 1).getFirst();
    assertThat(job(id).state()).isEqualTo(JobState.HELD);
    assertThat(claim(work(), 10)).isEmpty();
    assertThat(jobs().depths().held()).isEqualTo(1);

    assertThat(jobs().release(id)).isEqualTo(ReleaseAnswer.RELEASED);
    assertThat(jobs().release(id)).isEqualTo(ReleaseAnswer.NOT_HELD);
    assertThat(ids(claim(work(), 10))).containsExactly(id);
    assertThat(jobs().release(JobId.create(1, 0))).isEqualTo(ReleaseAnswer.UNKNOWN);
  }

  @Test
  void theDelayOfAHeldJobCountsFromItsStart() {
    JobId id = enqueue(request("later", Priority.DEFAULT, HOUR, true), 1).getFirst();
    jobs().release(id);
    assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(claim(work(), 10)).isEmpty();
    makeDue();
    assertThat(ids(claim(work(), 10))).containsExactly(id);
  }

  @Test
  void aHeldJobCanBeCancelledAndDeleted() {
    List<JobId> ids = enqueue(request("later", Priority.DEFAULT, Duration.ZERO, true), 2);
    jobs().cancel(ids.get(0));
    assertThat(job(ids.get(0)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(jobs().delete(ids.get(1), true)).isEqualTo(DeleteAnswer.DELETED);
    assertThat(jobs().depths().held()).isZero();
  }

  @Test
  void aKeyNamesOneJob() {
    var key = IdempotencyKey.of("local", "tools/call", "order-1", "{}");
    JobId id = enqueue(request("once").keyed(key), 1).getFirst();

    assertThat(enqueue(request("once").keyed(key), 2)).containsExactly(id, id);
    assertThat(claim(work(), 10)).hasSize(1);
    var other = IdempotencyKey.of("somebody", "tools/call", "order-1", "{}");
    assertThat(enqueue(request("once").keyed(other), 1)).doesNotContain(id);
  }

  @Test
  void aKeyStaysWithItsJobAndGoesWithIt() {
    var key = IdempotencyKey.of("local", "tools/call", "order-2", "{}");
    JobId id = enqueue(request("once").keyed(key), 1).getFirst();
    finish(started(1).getFirst());
    assertThat(enqueue(request("once").keyed(key), 1)).containsExactly(id);

    jobs().delete(id, false);
    assertThat(enqueue(request("once").keyed(key), 1)).doesNotContain(id);
  }

  @Test
  void theJobOfAKeyIsFoundForAsLongAsItIsKnown() {
    var key = IdempotencyKey.of("local", "tools/call", "order-3", "{}");
    assertThat(jobs().keyed(key.digest())).isEmpty();
    JobId id = enqueue(request("once").keyed(key), 1).getFirst();
    assertThat(jobs().keyed(key.digest())).containsExactly(id);
    var others = IdempotencyKey.of("somebody", "tools/call", "order-3", "{}");
    assertThat(jobs().keyed(others.digest())).isEmpty();

    finish(started(1).getFirst());
    assertThat(jobs().keyed(key.digest())).containsExactly(id);
    jobs().delete(id, false);
    assertThat(jobs().keyed(key.digest())).isEmpty();
  }

  @Test
  void aKeyWithOtherArgumentsIsAConflictAndStoresNothing() {
    JobId id =
        enqueue(request("once").keyed(IdempotencyKey.of("local", "m", "k", "{\"a\":1}")), 1)
            .getFirst();
    JobRequest other = request("once").keyed(IdempotencyKey.of("local", "m", "k", "{\"a\":2}"));

    assertThatThrownBy(() -> jobs().enqueue(List.of(request("innocent"), other)))
        .isInstanceOfSatisfying(
            IdempotencyConflictException.class, e -> assertThat(e.known()).isEqualTo(id));
    assertThat(claim(work(), 10)).hasSize(1);
  }

  @Test
  void aHeadThatWaitedTooLongGoesFirstButTakesNoMoreThanAQuarter() {
    enqueue(request("any", Priority.LOW, Duration.ZERO, false), 20);
    List<JobId> urgent = enqueue(request("any", Priority.URGENT, Duration.ZERO, false), 40);
    headsHaveWaited();

    List<Claim> claims = claim(work(), 16);
    assertThat(claims).hasSize(16);
    long low = claims.stream().filter(claim -> !urgent.contains(claim.id())).count();
    assertThat(low).isBetween(1L, 4L);
  }

  @Test
  void patienceLooksAtTheCallerWhoseTurnIsNext() {
    List<JobId> low =
        jobs()
            .enqueue(
                Stream.of("a", "a", "b", "c")
                    .map(owner -> by(owner, request("any", Priority.LOW, Duration.ZERO, false)))
                    .toList());
    enqueue(request("any", Priority.URGENT, Duration.ZERO, false), 40);
    headsHaveWaited();

    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      order.addAll(ids(claim(work(), 1)));
    }
    order.retainAll(low);
    assertThat(order).containsExactly(low.get(0), low.get(2), low.get(3));
  }

  @Test
  void evenWithOneSlotSomeOfTheLowOnesGetTheirTurn() {
    List<JobId> low = enqueue(request("any", Priority.LOW, Duration.ZERO, false), 10);
    enqueue(request("any", Priority.URGENT, Duration.ZERO, false), 40);
    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      headsHaveWaited();
      order.addAll(ids(claim(work(), 1)));
    }

    assertThat(order).hasSize(20);
    assertThat(order.stream().filter(low::contains).count()).isBetween(4L, 6L);
  }
}
