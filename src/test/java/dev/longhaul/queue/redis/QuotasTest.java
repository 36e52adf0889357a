package dev.longhaul.queue.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QuotaProperties;
import dev.longhaul.testing.TestRedis;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.util.unit.DataSize;

/** Quotas of callers. The fixture also asserts that the counts match the stored jobs. */
class QuotasTest {
  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private JobQueue jobs;

  @BeforeEach
  void limit() {
    redis.limitedTo(
        new QuotaProperties(3, DataSize.ofKilobytes(20), 0, 0, 5, DataSize.ofKilobytes(30)));
    jobs = redis.jobs(1_000);
  }

  @Test
  void aCallerHasABoundedNumberOfOpenJobsAndOthersStillHaveTheirs() {
    List<JobId> mine = enqueue("mallory", 3, "{}");
    assertThatThrownBy(() -> enqueue("mallory", 1, "{}"))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("longhaul.quotas.caller-jobs is 3");
    assertThat(enqueue("alice with blanks ö", 1, "{}")).hasSize(1);

    jobs.cancel(mine.getFirst());
    assertThat(enqueue("mallory", 1, "{}")).hasSize(1);
  }

  @Test
  void aCallerHoldsABoundedNumberOfBytesAsUtf8() {
    enqueue("mallory", 1, "\"" + "ö".repeat(8_000) + "\"");
    assertThatThrownBy(() -> enqueue("mallory", 1, "\"" + "x".repeat(8_000) + "\""))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("longhaul.quotas.caller-bytes is 20480");
  }

  @Test
  void allCallersTogetherHaveABoundedNumberOfJobsAndBytes() {
    enqueue("a", 3, "{}");
    enqueue("b", 2, "{}");
    assertThatThrownBy(() -> enqueue("c", 1, "{}"))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("longhaul.quotas.jobs is 5");
  }

  @Test
  void allOfACallIsStoredOrNothing() {
    assertThatThrownBy(() -> enqueue("mallory", 4, "{}")).isInstanceOf(QueueFullException.class);
    assertThat(enqueue("mallory", 3, "{}")).hasSize(3);
  }

  @Test
  void everyWayToEndGivesBackWhatWasCounted() {
    List<JobId> ids = enqueue("mallory", 3, "{}");
    List<Claim> claims = redis.work().step(List.of(), List.of("default"), 2).join().claims();
    redis.work().start(claims).join();
    redis
        .work()
        .step(
            List.of(
                new Completion.Finished(
                    claims.get(0).id(), claims.get(0).token(), new Outcome.Answered("{}", false)),
                new Completion.Finished(
                    claims.get(1).id(),
                    claims.get(1).token(),
                    new Outcome.GivenUp(new JobError("X", "x", "x", "x"), null))),
            List.of("default"),
            0)
        .join();
    jobs.delete(ids.getLast(), true);
    assertThat(redis.commands().exists(redis.tag() + ":use")).isZero();

    redis.admin().replay(List.of(claims.get(1).id()));
    assertThat(redis.commands().hget(redis.tag() + ":use", "t")).startsWith("1 ");
    enqueue("mallory", 2, "{}");
    assertThatThrownBy(() -> enqueue("mallory", 1, "{}")).isInstanceOf(QueueFullException.class);
  }

  @Test
  void childrenAreCountedWhenTheyAreStagedAndGivenBackWhenTheirBatchIsCancelled() {
    FlowQueue flows = redis.flows(1_000);
    JobId batch = flows.open(new FlowRequest(FlowKind.BATCH, "b", "mallory", false));
    flows.stage(batch, 0, Collections.nCopies(3, Requests.of("{}", "mallory")));
    assertThatThrownBy(() -> flows.stage(batch, 3, List.of(Requests.of("{}", "mallory"))))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("longhaul.quotas.caller-jobs");
    assertThatThrownBy(() -> enqueue("mallory", 1, "{}")).isInstanceOf(QueueFullException.class);

    flows.cancel(batch);
    assertThat(enqueue("mallory", 3, "{}")).hasSize(3);
  }

  @Test
  void aCallerWithAsManyRunningJobsAsItMayHasWaitsAndHoldsUpNobody() {
    perCaller(1, 0);
    List<JobId> mine = enqueue("mallory", 3, "{}");
    JobId other = enqueue("alice with blanks ö", 1, "{}").getFirst();

    List<Claim> claims = claim();
    assertThat(claims).extracting(Claim::id).containsExactly(mine.get(0), other);
    assertThat(redis.jobs(1_000).find(mine.get(1)).orElseThrow().waiting())
        .isEqualTo(new Waiting(Waiting.Reason.CALLER_RUNNING, null, null));
    assertThat(claim()).isEmpty();

    redis.work().start(claims).join();
    redis
        .work()
        .step(
            List.of(
                new Completion.Finished(
                    mine.get(0), claims.get(0).token(), new Outcome.Answered("{}", false))),
            List.of("default"),
            0)
        .join();
    assertThat(claim()).extracting(Claim::id).containsExactly(mine.get(1));
    jobs.delete(mine.get(1), true);
    assertThat(claim()).extracting(Claim::id).containsExactly(mine.get(2));
  }

  @Test
  void aRunningJobThatLostItsWorkerIsTheNextOfItsCaller() {
    perCaller(1, 0);
    List<JobId> mine = enqueue("mallory", 2, "{}");
    redis.work().start(claim()).join();
    assertThat(claim()).isEmpty();

    redis.makeOld(":l");
    redis.work().reap(10);
    assertThat(claim()).extracting(Claim::id).containsExactly(mine.get(0));
  }

  @Test
  void theSlotOfAToolGoesToAnotherCallerIfTheNextOneHasAsManyRunningJobsAsItMay() {
    perCaller(1, 0);
    enqueue("mallory", 1, "{}");
    jobs.enqueue(List.of(scarce("bob"), scarce("mallory")));
    JobId other = jobs.enqueue(List.of(scarce("carol"))).getFirst();
    List<Claim> claims = claim(); // that of mallory, and bob's

    redis.end(claims.get(1));
    assertThat(claim()).extracting(Claim::id).containsExactly(other);
  }

  @Test
  void anotherJobOfACallerRunsIfTheToolOfItsNextOneHasNoSlot() {
    perCaller(1, 0);
    enqueue("mallory", 1, "{}");
    jobs.enqueue(List.of(scarce("mallory")));
    List<Claim> claims = claim();
    jobs.enqueue(List.of(scarce("bob")));
    assertThat(claim()).hasSize(1);
    JobId other = enqueue("mallory", 1, "{}").getFirst();
    assertThat(claim()).isEmpty();

    redis.end(claims.getFirst());
    assertThat(claim()).extracting(Claim::id).containsExactly(other);
  }

  private static JobRequest scarce(String owner) {
    return Requests.of("{}", owner).limited(new Limits(1, null, null));
  }

  @Test
  void aCallerSubmitsABoundedNumberOfJobsPerMinuteAndIsToldWhenToComeBack() {
    perCaller(0, 3);
    enqueue("mallory", 2, "{}");
    assertThatThrownBy(() -> enqueue("mallory", 2, "{}"))
        .isInstanceOfSatisfying(
            QueueFullException.class,
            e -> assertThat(e.retryAfter()).isBetween(ofMillis(1), ofSeconds(20)))
        .hasMessageContaining("4 jobs in a minute")
        .hasMessageContaining("longhaul.quotas.caller-per-minute is 3");
    assertThat(enqueue("mallory", 1, "{}")).hasSize(1);
    assertThat(enqueue("alice", 3, "{}")).hasSize(3);

    redis.timePasses();
    assertThat(enqueue("mallory", 3, "{}")).hasSize(3);
  }

  @Test
  void moreJobsAtOnceThanAMinuteAllowsAreRefusedForGood() {
    perCaller(0, 3);
    assertThatThrownBy(() -> enqueue("mallory", 4, "{}"))
        .isInstanceOfSatisfying(QueueFullException.class, e -> assertThat(e.retryAfter()).isNull())
        .hasMessageContaining("4 jobs at once")
        .hasMessageContaining("longhaul.quotas.caller-per-minute is 3")
        .hasMessageContaining("never");
    assertThat(enqueue("mallory", 3, "{}")).hasSize(3);
  }

  @Test
  void childrenOfABatchCountForTheJobsPerMinute() {
    perCaller(0, 3);
    FlowQueue flows = redis.flows(1_000);
    JobId batch = flows.open(new FlowRequest(FlowKind.BATCH, "b", "mallory", false));
    flows.stage(batch, 0, Collections.nCopies(3, Requests.of("{}", "mallory")));
    assertThatThrownBy(() -> enqueue("mallory", 1, "{}"))
        .hasMessageContaining("longhaul.quotas.caller-per-minute is 3");
    flows.cancel(batch);
  }

  private void perCaller(int running, int perMinute) {
    DataSize noLimit = DataSize.ofBytes(0);
    redis.limitedTo(new QuotaProperties(0, noLimit, running, perMinute, 0, noLimit));
    jobs = redis.jobs(1_000);
  }

  private List<Claim> claim() {
    return redis.work().step(List.of(), List.of("default"), 10).join().claims();
  }

  private List<JobId> enqueue(String owner, int count, String params) {
    return jobs.enqueue(Collections.nCopies(count, Requests.of(params, owner)));
  }
}
