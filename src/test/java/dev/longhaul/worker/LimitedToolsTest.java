package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Rate;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of a tool over all workers. */
class LimitedToolsTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final Semaphore gate = new Semaphore(0);

  @AfterEach
  void close() {
    gate.release(1_000);
    fixture.close();
  }

  @Test
  void noMoreJobsOfAToolRunInTwoWorkersThanItHasSlotsAndNothingSpins() {
    int jobs = 40;
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var full = new CountDownLatch(3);
    RegisteredTools scarce =
        tools(
            "scarce",
            _ -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              full.countDown();
              gate.acquire();
              running.decrementAndGet();
              return Tools.text("");
            });
    var one = new WatchedQueue(fixture.redis.work());
    var other = new WatchedQueue(fixture.redis.otherWork());
    fixture.start(one.queue, scarce, settings(10, LIMIT));
    fixture.start(other.queue, scarce, settings(10, LIMIT));
    List<JobId> ids = enqueue("scarce", new Limits(3, null, null), jobs);

    waitFor(full);
    await().atMost(LIMIT).until(() -> fixture.jobs.depths().heldBack() == jobs - 3);
    int before = one.steps.get() + other.steps.get();
    int renewals = one.renewals.get() + other.renewals.get();
    // Long enough for thousands of steps if a worker polled without pause.
    await().atMost(LIMIT).until(() -> one.renewals.get() + other.renewals.get() > renewals + 5);
    assertThat(one.steps.get() + other.steps.get() - before).isLessThan(50);

    gate.release(jobs);
    ids.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    assertThat(most).hasValue(3);
    assertThat(one.steps.get() + other.steps.get()).isLessThan(20 * jobs);
    assertThat(fixture.jobs.depths().heldBack()).isZero();
  }

  @Test
  void theSlotOfALostWorkerIsFreeWhenItsLeaseEnds() {
    List<JobId> ids = enqueue("scarce", new Limits(1, null, null), 2);
    WorkQueue lost = fixture.redis.otherWork();
    Claim claim = lost.step(List.of(), List.of("default"), 1).join().claims().getFirst();
    assertThat(lost.start(List.of(claim)).join()).containsExactly(claim.id());

    fixture.start(tools("scarce", _ -> Tools.text("")));
    await()
        .atMost(LIMIT)
        .until(() ->
            new Waiting(Waiting.Reason.CONCURRENCY, null, 1)
                .equals(fixture.job(ids.get(1)).waiting()));
    await().atMost(LIMIT).until(fixture.redis::reaping);
    fixture.redis.makeOld(":l");

    ids.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    assertThat(fixture.job(ids.getFirst()).attempt()).isEqualTo(2);
  }

  @Test
  void aCancelledJobKeepsItsSlotUntilItsToolHasStopped() {
    var inside = new CountDownLatch(1);
    var runs = new AtomicInteger();
    fixture.start(
        tools(
            "scarce",
            _ -> {
              if (runs.incrementAndGet() == 1) {
                inside.countDown();
                gate.acquireUninterruptibly();
              }
              return Tools.text("");
            }));
    List<JobId> ids = enqueue("scarce", new Limits(1, null, null), 2);
    waitFor(inside);
    await().atMost(LIMIT).until(() -> fixture.job(ids.get(1)).waiting() != null);

    fixture.jobs.cancel(ids.getFirst());
    assertThat(fixture.job(ids.getFirst()).state()).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(1);
    assertThat(fixture.job(ids.get(1)).waiting()).isNotNull();
    gate.release();
    fixture.waitFor(ids.get(1), JobState.COMPLETED);
  }

  @Test
  void jobsOverARateStartInOrderEachWhenItsTokenIsDue() {
    var order = new CopyOnWriteArrayList<Integer>();
    RegisteredTools metered = numbered("metered", order);
    var watched = new WatchedQueue(fixture.redis.work());
    fixture.start(watched.queue, metered, settings(10, LIMIT));
    Limits oneAnHour = new Limits(null, new Rate(1, Duration.ofHours(1)), null);
    List<JobId> ids = enqueue("metered", oneAnHour, 4);

    fixture.waitFor(ids.getFirst(), JobState.COMPLETED);
    List<Instant> due = ids.stream().skip(1).map(this::expected).toList();
    assertThat(Duration.between(due.get(0), due.get(1))).isEqualTo(Duration.ofHours(1));
    assertThat(Duration.between(due.get(1), due.get(2))).isEqualTo(Duration.ofHours(1));
    assertThat(order).containsExactly(0);

    for (int next = 1; next < ids.size(); next++) {
      fixture.redis.timePasses();
      // Wakes the worker, which sleeps until the time given by Redis.
      fixture.enqueue("metered", REPEATABLE, LIMIT, 100 + next);
      fixture.waitFor(ids.get(next), JobState.COMPLETED);
      assertThat(order.stream().filter(number -> number < 100).toList())
          .isEqualTo(IntStream.rangeClosed(0, next).boxed().toList());
    }
    assertThat(watched.steps.get()).isLessThan(200);
  }

  @Test
  void aFastRateIsServedToItsEndWithoutAskingAllTheTime() {
    int jobs = 30;
    var order = new CopyOnWriteArrayList<Integer>();
    var watched = new WatchedQueue(fixture.redis.work());
    fixture.start(watched.queue, numbered("metered", order), settings(1, LIMIT));
    List<JobId> ids =
        enqueue("metered", new Limits(null, new Rate(1, Duration.ofMillis(30)), null), jobs);

    ids.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    assertThat(order).isEqualTo(IntStream.range(0, jobs).boxed().toList());
    assertThat(watched.steps.get()).isLessThan(10 * jobs);
    List<Instant> started =
        ids.stream()
            .map(id -> Objects.requireNonNull(fixture.job(id).times().startedAt()))
            .sorted()
            .toList();
    // By the times of Redis: the bucket holds one token, so two starts are at least 30 ms apart.
    // Both
    // times are truncated to milliseconds.
    for (int i = 2; i < jobs; i++) {
      assertThat(Duration.between(started.get(i - 2), started.get(i)).toMillis())
          .isGreaterThanOrEqualTo(28);
    }
  }

  private Instant expected(JobId id) {
    await().atMost(LIMIT).until(() -> fixture.job(id).waiting() != null);
    Job job = fixture.job(id);
    Waiting waiting = Objects.requireNonNull(job.waiting());
    assertThat(waiting.reason()).isEqualTo(Waiting.Reason.TOOL_RATE);
    return Objects.requireNonNull(waiting.until());
  }

  private static RegisteredTools numbered(String name, List<Integer> order) {
    return tools(
        name,
        call -> {
          order.add(call.arguments().path("number").asInt());
          return Tools.text("");
        });
  }

  private List<JobId> enqueue(String tool, Limits limits, int count) {
    List<JobRequest> requests =
        IntStream.range(0, count)
            .mapToObj(n -> WorkerFixture.request(tool, REPEATABLE, LIMIT, n).limited(limits))
            .toList();
    return fixture.jobs.enqueue(requests);
  }
}
