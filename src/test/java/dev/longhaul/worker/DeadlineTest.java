package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A worker ends jobs as soon as the caller's deadline has passed; its regular reaping would come
 * only after ten minutes.
 */
class DeadlineTest {
  private static final Duration SOON = Duration.ofMillis(300);

  private final WorkerFixture fixture =
      new WorkerFixture(TestRedis.namespace(), TestRedis.url(), Duration.ofHours(1));
  private final Semaphore gate = new Semaphore(0);
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  @BeforeEach
  void start() {
    RegisteredTools tools =
        tools(
            "waits",
            _ -> {
              inside.countDown();
              try {
                gate.acquire();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return Tools.text("");
            });
    var pools =
        Map.of(
            "io",
            new PoolSettings(List.of("default"), 1, null),
            "cpu",
            new PoolSettings(null, 0, null));
    fixture.start(
        fixture.redis.work(), tools, WorkerFixture.pools(LIMIT, Duration.ofMinutes(10), pools));
    String channel = fixture.redis.tag() + ":cx";
    await()
        .atMost(LIMIT)
        .until(() ->
            Objects.requireNonNull(fixture.redis.commands().pubsubNumsub(channel).get(channel))
                > 0);
    await().atMost(LIMIT).until(fixture.redis::reaping);
  }

  @AfterEach
  void close() {
    gate.release(100);
    fixture.close();
  }

  private JobId enqueue(Duration deadline) {
    JobRequest r = WorkerFixture.request("waits", REPEATABLE, LIMIT, 0);
    return fixture
        .jobs
        .enqueue(
            List.of(
                new JobRequest(
                        r.method(),
                        r.tool(),
                        r.params(),
                        r.owner(),
                        r.queue(),
                        r.priority(),
                        r.delay(),
                        r.held(),
                        r.timeout(),
                        deadline,
                        r.retry(),
                        r.metadata())
                    .within(true)))
        .getFirst();
  }

  private void assertExceeded(JobId id) {
    Job job = fixture.waitFor(id, JobState.FAILED);
    assertThat(job.error()).isNotNull();
    assertThat(job.error().code()).isEqualTo(JobError.DEADLINE_EXCEEDED);
  }

  @Test
  void aJobThatWaitsForASlotOrInAPausedQueueEndsWithItsDeadline() {
    JobId running = fixture.enqueue("waits", ONCE);
    waitFor(inside);
    assertExceeded(enqueue(SOON));

    fixture.redis.pause("default");
    JobId late = enqueue(Duration.ofHours(1));
    assertExceeded(enqueue(SOON)); // earlier than the deadline that was the next one
    assertThat(fixture.job(late).state()).isEqualTo(JobState.QUEUED);
    fixture.redis.resume("default");
    gate.release(2);
    fixture.waitFor(running, JobState.COMPLETED);
    fixture.waitFor(late, JobState.COMPLETED);
  }

  @Test
  void aRunningAttemptEndsWithTheDeadlineAndItsToolIsInterrupted() {
    JobId id = enqueue(SOON.multipliedBy(3));
    waitFor(inside);
    assertExceeded(id);
    waitFor(interrupted);
    await().atMost(LIMIT).until(() -> fixture.jobs.depths().running() == 0);
    gate.release();
    fixture.waitFor(fixture.enqueue("waits", REPEATABLE), JobState.COMPLETED);
  }
}
