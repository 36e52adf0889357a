package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.LocalPools.LocalPool;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools that are opened and closed while a worker runs. */
class OpenedPoolsTest {
  private static final String QUEUE = "upstream.notes";

  private final WorkerFixture fixture = new WorkerFixture();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final Semaphore gate = new Semaphore(0);
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Worker worker = start(LIMIT);

  // Fails once while failing is set, when the end of a job is to be recorded.
  private WorkQueue failing(WorkQueue real) {
    return (WorkQueue)
        Proxy.newProxyInstance(
            WorkQueue.class.getClassLoader(),
            new Class<?>[] {WorkQueue.class},
            (_, method, arguments) -> {
              if (method.getName().equals("step")
                  && !((List<?>) arguments[0]).isEmpty()
                  && failing.compareAndSet(true, false)) {
                return CompletableFuture.failedFuture(new IllegalStateException("away"));
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Worker start(Duration drain) {
    var tools =
        WorkerFixture.tools(
            "held",
            _ -> {
              inside.countDown();
              gate.acquire();
              return Tools.text("done");
            });
    return fixture.start(failing(fixture.redis.work()), tools, WorkerFixture.settings(4, drain));
  }

  @AfterEach
  void close() {
    gate.release(1_000);
    fixture.close();
  }

  private static JobRequest request(boolean repeatable) {
    return WorkerFixture.request(QUEUE, "held", repeatable ? REPEATABLE : ONCE, LIMIT, 0);
  }

  private JobId enqueue() {
    return fixture.jobs.enqueue(List.of(request(false))).getFirst();
  }

  @Test
  void anOpenedPoolRunsTheJobsOfItsQueueUntilItIsClosed() {
    gate.release(1_000);
    LocalPool pool = worker.open(QUEUE, 2);
    fixture.waitFor(enqueue(), JobState.COMPLETED);
    assertThat(worker.slots()).containsEntry(QUEUE, 2);

    pool.close();
    JobId later = enqueue();
    fixture.waitFor(
        fixture.enqueue("held", ONCE), JobState.COMPLETED); // the worker's own pool works on
    assertThat(fixture.job(later).state()).isEqualTo(JobState.QUEUED);
    assertThat(worker.slots()).doesNotContainKey(QUEUE);

    var _ = worker.open(QUEUE, 2);
    fixture.waitFor(later, JobState.COMPLETED);
  }

  @Test
  void aJobThatOutlivesItsPoolIsRecorded() {
    LocalPool pool = worker.open(QUEUE, 2);
    JobId running = enqueue();
    waitFor(inside);

    pool.close();
    JobId waiting = enqueue();
    gate.release(1_000);

    fixture.waitFor(running, JobState.COMPLETED);
    assertThat(fixture.job(waiting).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void theEndOfAJobThatOutlivesItsPoolIsSentAgainAfterAFailure() {
    LocalPool pool = worker.open(QUEUE, 2);
    JobId running = enqueue();
    waitFor(inside);
    pool.close();

    failing.set(true);
    gate.release(1_000);

    fixture.waitFor(running, JobState.COMPLETED);
    assertThat(failing).isFalse();
    assertThat(fixture.job(running).attempt()).isEqualTo(1);
  }

  @Test
  void aJobIsHandedToTheOpenedPoolOfItsQueue() {
    gate.release(1_000);
    var _ = worker.open(QUEUE, 2);
    await()
        .atMost(LIMIT)
        .until(() -> {
          // Until the pool has looked whether jobs wait, they are not handed over.
          Job job = fixture.jobs.submit(request(true), false);
          fixture.waitFor(job.id(), JobState.COMPLETED);
          return job.state() == JobState.RUNNING;
        });
  }

  @Test
  void anOpenedPoolStopsAndStartsWithItsWorker() {
    var _ = worker.open(QUEUE, 2);
    JobId running = enqueue();
    waitFor(inside);
    gate.release(1_000);

    worker.stop();
    assertThat(fixture.job(running).state()).isEqualTo(JobState.COMPLETED);
    JobId later = enqueue();
    LocalPool other = worker.open("upstream.other", 1);
    other.close();
    assertThat(fixture.job(later).state()).isEqualTo(JobState.QUEUED);

    worker.start();
    fixture.waitFor(later, JobState.COMPLETED);
  }

  @Test
  void aStopGivesBackTheJobsOfAnOpenedPoolThatDoNotFinish() {
    worker.stop();
    Worker impatient = start(Duration.ZERO);
    var _ = impatient.open(QUEUE, 2);
    JobId running = fixture.jobs.enqueue(List.of(request(true))).getFirst();
    waitFor(inside);

    impatient.stop();
    assertThat(fixture.job(running).state()).isIn(JobState.QUEUED, JobState.SCHEDULED);
  }

  @Test
  void aQueueIsServedByOnePoolOfAProcess() {
    var _ = worker.open(QUEUE, 1);
    assertThatThrownBy(() -> worker.open(QUEUE, 1))
        .hasMessageContaining("longhaul.worker.pools.*.queues");
  }
}
