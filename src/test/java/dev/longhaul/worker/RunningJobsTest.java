package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker runs the jobs of its queues. */
class RunningJobsTest {
  private final WorkerFixture fixture = new WorkerFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aJobRunsOnAPlatformThreadWithItsContextAndItsResultIsStored() {
    fixture.start(
        tools(
            "greet",
            call -> {
              JobContext job = JobContext.current();
              return Tools.text(
                  "%s %s %d %s %s"
                      .formatted(
                          job.id(),
                          job.caller(),
                          job.attempt(),
                          Thread.currentThread().isVirtual(),
                          call.arguments().path("number")));
            }));
    JobId id = fixture.enqueue("greet", ONCE, LIMIT, 7);

    assertThat(fixture.outcome(id))
        .isEqualTo(
            new Outcome.Answered(
                "{\"content\":[{\"type\":\"text\",\"text\":\"%s local 1 false 7\"}]}".formatted(id),
                false));
    assertThat(fixture.waitFor(id, JobState.COMPLETED).times().finishedAt()).isNotNull();
  }

  @Test
  void anAnswerThatSaysErrorIsNotRepeated() {
    var runs = new AtomicInteger();
    fixture.start(
        tools(
            "greet",
            _ -> {
              runs.incrementAndGet();
              return Tools.text("no").put("isError", true);
            }));
    JobId id = fixture.enqueue("greet", REPEATABLE);

    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, answered -> assertThat(answered.isError()).isTrue());
    assertThat(fixture.job(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void asManyJobsRunAtOnceAsThereAreSlotsAndNeverMore() {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var slotsFull = new CountDownLatch(3);
    var gate = new Semaphore(0);
    fixture.start(
        fixture.redis.work(),
        tools(
            "wait",
            _ -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              slotsFull.countDown();
              gate.acquire();
              running.decrementAndGet();
              return Tools.text("");
            }),
        settings(3, LIMIT));
    List<JobId> ids =
        IntStream.range(0, 12).mapToObj(n -> fixture.enqueue("wait", REPEATABLE)).toList();

    waitFor(slotsFull);
    assertThat(ids.stream().filter(id -> fixture.job(id).state() == JobState.QUEUED)).hasSize(9);
    gate.release(12);
    ids.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    assertThat(most).hasValue(3);
  }

  @Test
  void aJobThatArrivesWhileTheWorkerIsIdleIsRun() {
    var idle = new CountDownLatch(1);
    var tools = tools("greet", _ -> Tools.text("hi"));
    fixture.start(
        tools,
        new JobListener() {
          @Override
          public void ended(dev.longhaul.queue.Claim claim, Outcome outcome, Duration ran) {
            idle.countDown();
          }
        });
    fixture.enqueue("greet", ONCE);
    waitFor(idle);

    assertThat(fixture.outcome(fixture.enqueue("greet", ONCE)).state())
        .isEqualTo(JobState.COMPLETED);
  }

  @Test
  void progressIsSeenWhileTheJobRuns() {
    var gate = new CountDownLatch(1);
    fixture.start(
        tools(
            "read",
            _ -> {
              JobContext.current().progress(0.25, "reading");
              JobContext.current().progress(0.5, "half");
              waitFor(gate);
              return Tools.text("");
            }));
    JobId id = fixture.enqueue("read", ONCE);

    await().atMost(LIMIT).until(() -> fixture.job(id).progress().equals(new Progress(0.5, "half")));
    gate.countDown();
    fixture.waitFor(id, JobState.COMPLETED);
  }

  @Test
  void aToolNobodyHasIsGivenBackAndDoneByTheWorkerThatHasIt() {
    fixture.start(tools("other", _ -> Tools.text("")));
    JobId id = fixture.enqueue("greet", ONCE);
    assertThat(fixture.waitFor(id, JobState.SCHEDULED).attempt()).isZero();

    fixture.startOther(tools("greet", _ -> Tools.text("hi")));
    fixture.redis.makeOld(":z");
    // The worker without the tool may claim it and give it back again.
    await()
        .atMost(LIMIT)
        .until(() -> {
          fixture.redis.makeOld(":z");
          return fixture.job(id).state() == JobState.COMPLETED;
        });
    assertThat(fixture.job(id).attempt()).isEqualTo(1);
  }

  @Test
  void twoWorkersDoManyQuickJobsExactlyOnce() {
    int count = 500;
    var effects = new AtomicIntegerArray(count);
    RegisteredTools tools =
        tools(
            "count",
            call -> {
              effects.incrementAndGet(call.arguments().path("number").asInt());
              return Tools.text("");
            });
    fixture.start(tools);
    fixture.startOther(tools);
    List<JobRequest> requests =
        IntStream.range(0, count)
            .mapToObj(n -> WorkerFixture.request("count", n % 2 == 0 ? ONCE : REPEATABLE, LIMIT, n))
            .toList();
    List<JobId> ids = fixture.jobs.enqueue(requests);

    var left = new HashSet<>(ids);
    await()
        .atMost(LIMIT)
        .until(() -> {
          left.removeIf(id -> fixture.job(id).state() == JobState.COMPLETED);
          return left.isEmpty();
        });
    assertThat(IntStream.range(0, count).map(effects::get)).containsOnly(1);
    assertThat(ids).allSatisfy(id -> assertThat(fixture.job(id).attempt()).isEqualTo(1));
  }
}
