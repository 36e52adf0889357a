package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The jobs of a worker that is dead, or only appears to be. */
class LostWorkerTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    fixture.close();
  }

  @Test
  void anotherWorkerTakesOverTheRepeatableJobsOfAWorkerThatVanished() {
    JobId id = fixture.enqueue("greet", REPEATABLE);
    vanishAfterStart();

    fixture.start(tools("greet", _ -> Tools.text("attempt " + JobContext.current().attempt())));
    expireLeases();
    Job job = fixture.waitFor(id, JobState.COMPLETED);
    assertThat(job.attempts()).hasSize(2);
    assertThat(job.attempts().getFirst().error())
        .isEqualTo(
            new JobAttempt.Failure(
                JobAttempt.WORKER_LOST, "The worker that ran this attempt was lost."));
    assertThat(job.attempts().getFirst().worker())
        .isNotBlank()
        .isNotEqualTo(job.attempts().getLast().worker());
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, answered -> assertThat(answered.json()).contains("attempt 2"));
  }

  @Test
  void theOutcomeOfAJobThatMayNotBeRepeatedIsUnknown() {
    JobId id = fixture.enqueue("greet", ONCE);
    vanishAfterStart();

    var ran = new CountDownLatch(1);
    fixture.start(
        tools(
            "greet",
            _ -> {
              ran.countDown();
              return Tools.text("");
            }));
    expireLeases();
    fixture.waitFor(id, JobState.DEAD);
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.GivenUp.class,
            given -> assertThat(given.error().code()).isEqualTo(JobError.OUTCOME_UNKNOWN));
    assertThat(ran.getCount()).isEqualTo(1);
  }

  @Test
  void aJobThatLosesEveryWorkerIsGivenUpAsPoison() {
    JobId id = fixture.enqueue("greet", REPEATABLE);
    var reaped = new CopyOnWriteArrayList<Boolean>();
    // This worker reaps, but serves another queue.
    fixture.start(
        fixture.redis.work(),
        tools("greet", _ -> Tools.text("")),
        WorkerFixture.pools(LIMIT, Map.of("io", new PoolSettings(List.of("other"), 1, null))),
        new JobListener() {
          @Override
          public void reaped(JobId lost, boolean ended) {
            reaped.add(ended);
          }
        });
    for (int loss = 1; loss <= 3; loss++) {
      int losses = loss;
      vanishAfterStart();
      expireLeases();
      await().atMost(LIMIT).until(() -> reaped.size() == losses);
    }

    assertThat(reaped).containsExactly(false, false, true);
    assertThat(fixture.job(id).state()).isEqualTo(JobState.DEAD);
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.GivenUp.class,
            given -> assertThat(given.error().code()).isEqualTo(JobError.POISON));
  }

  @Test
  void aClaimThatWasNeverStartedIsRunAlsoIfItMayNotBeRepeated() {
    JobId id = fixture.enqueue("greet", ONCE);
    assertThat(claimed(fixture.redis.otherWork()).id()).isEqualTo(id);

    fixture.start(tools("greet", _ -> Tools.text("")));
    expireLeases();
    assertThat(fixture.waitFor(id, JobState.COMPLETED).attempt()).isEqualTo(1);
  }

  @Test
  void aWorkerThatOnlySeemedLostStopsItsToolAndWritesNothing() {
    var inside = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var tools =
        tools(
            "slow",
            _ -> {
              if (JobContext.current().attempt() > 1) {
                return Tools.text("the second");
              }
              inside.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Tools.text("the first");
            });
    Worker worker =
        fixture.start(
            fixture.redis.work(),
            tools,
            settings(1, LIMIT),
            new JobListener() {
              @Override
              public void lost(JobId id) {
                told.countDown();
              }
            });
    JobId id = fixture.enqueue("slow", REPEATABLE);
    waitFor(inside);

    fixture.startOther(tools);
    expireLeases();
    fixture.waitFor(id, JobState.COMPLETED);
    waitFor(interrupted);
    waitFor(told);
    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, answered -> assertThat(answered.json()).contains("the second"));
  }

  /** A worker that dies after it has claimed and started a job. */
  private void vanishAfterStart() {
    WorkQueue lost = fixture.redis.otherWork();
    Claim claim = claimed(lost);
    assertThat(lost.start(List.of(claim)).join()).containsExactly(claim.id());
  }

  private static Claim claimed(WorkQueue queue) {
    return queue.step(List.of(), List.of("default"), 1).join().claims().getFirst();
  }

  private void expireLeases() {
    await().atMost(LIMIT).until(fixture.redis::reaping);
    fixture.redis.makeOld(":l");
  }
}
