package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rare orders of events, as with a busy Redis or one that has lost its scripts. */
class ClaimReviewTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Outcome ANSWER = new Outcome.Answered("{}", false);

  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());
  private final JobQueue jobs = redis.jobs(1000);

  @BeforeEach
  void open() {
    redis.open();
  }

  @AfterEach
  void close() {
    try {
      assertThat(redis.keysThatWouldStayForever()).isEmpty();
    } finally {
      redis.close();
    }
  }

  // A start may be sent again, because its reply was lost, after the job has ended.
  @Test
  void aResultThatOvertakesItsStartIsAccepted() {
    JobId id = enqueue("default", Duration.ZERO);
    Claim claim = claim();

    assertThat(complete(new Completion.Finished(id, claim.token(), ANSWER))).isTrue();
    assertThat(redis.work().start(List.of(claim)).join()).isEmpty();

    Job job = jobs.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(jobs.outcome(id)).contains(ANSWER);
    assertThat(complete(new Completion.Finished(id, claim.token(), ANSWER))).isTrue();
  }

  @Test
  void aRetryThatOvertakesItsStartUsesItsAttempt() {
    JobId id = enqueue("default", Duration.ZERO);
    Claim claim = claim();

    assertThat(
            complete(
                new Completion.Retry(id, claim.token(), LONG, JobError.timeout(LONG.toMillis()))))
        .isTrue();

    assertThat(jobs.find(id).orElseThrow().attempt()).isEqualTo(1);
    assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void aWorkerIsWokenForADueJobThatAWorkerOfAnotherQueuePutInLine() throws Exception {
    JobId id = enqueue("b", Duration.ofHours(1));
    assertThat(
            redis
                .otherWork()
                .newWaiter()
                .claimWhenReady(List.of("b"), 1, LONG)
                .get(60, TimeUnit.SECONDS)
                .claims())
        .isEmpty();
    var waiting = redis.otherWork().newWaiter().claimWhenReady(List.of("b"), 1, LONG);
    redis.makeOld(":z");

    redis.work().step(List.of(), List.of("a"), 1).join();

    assertThat(waiting.get(20, TimeUnit.SECONDS).claims().getFirst().id()).isEqualTo(id);
  }

  @Test
  void aWorkerHearsOfADelayedJobThoughAnotherQueueHasAnEarlierOne() throws Exception {
    enqueue("a", Duration.ofHours(1));
    var waiting = redis.otherWork().newWaiter().claimWhenReady(List.of("b"), 1, LONG);

    enqueue("b", Duration.ofHours(2));

    assertThat(waiting.get(20, TimeUnit.SECONDS).nextDue()).isNotNull();
  }

  private Claim claim() {
    return redis.work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
  }

  private boolean complete(Completion completion) {
    return redis
        .work()
        .step(List.of(completion), List.of("default"), 0)
        .join()
        .accepted()
        .getFirst();
  }

  private JobId enqueue(String queue, Duration delay) {
    return jobs.enqueue(
            List.of(
                new JobRequest(
                    "tools/call",
                    "greet",
                    "{}",
                    "local",
                    queue,
                    Priority.DEFAULT,
                    delay,
                    false,
                    LONG,
                    LONG,
                    new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
                    Map.of())))
        .getFirst();
  }
}
