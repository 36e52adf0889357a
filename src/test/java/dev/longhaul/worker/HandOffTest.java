package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TcpProxy;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are handed to the worker of the process that stores them. */
@Timeout(180)
class HandOffTest {
  /** The number of the job whose reply is lost. */
  private static final int LOST = 1;

  private final List<JobId> lost = new CopyOnWriteArrayList<>();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();

  private RegisteredTools tools() {
    return WorkerFixture.tools(
        "held",
        call -> {
          calls.incrementAndGet();
          if (call.arguments().path("number").asInt() == LOST) {
            lost.add(new JobId(JobContext.current().id()));
          }
          mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
          gate.acquire();
          running.decrementAndGet();
          return Tools.text("done");
        });
  }

  private static JobRequest request(RetryPolicy retry) {
    return WorkerFixture.request("held", retry, LIMIT, 0);
  }

  /** The end of a job as its process is told it. */
  private static CompletableFuture<Outcome> end(JobQueue jobs, Job job) {
    var told = new CompletableFuture<Outcome>();
    var _ =
        jobs.watch(
            job.id(),
            new JobQueue.Watcher() {
              @Override
              public void changed() {}

              @Override
              public void ended(Job ended, Outcome outcome) {
                told.complete(outcome);
              }
            });
    return told;
  }

  @Test
  void aJobRunsAtOnceInTheProcessThatStoresItAndItsEndIsTold() {
    try (var fixture = new WorkerFixture()) {
      fixture.start(fixture.redis.work(), tools(), WorkerFixture.settings(10, LIMIT));
      for (RetryPolicy retry : List.of(REPEATABLE, ONCE)) {
        await()
            .atMost(LIMIT)
            .until(() -> {
              // Until the worker has looked whether jobs wait, they are not handed over.
              Job job = fixture.jobs.submit(request(retry), true);
              var told = end(fixture.jobs, job);
              gate.release();
              Outcome outcome = told.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
              assertThat(fixture.jobs.outcome(job.id())).contains(outcome);
              return retry.repeatable() ? job.state() == JobState.RUNNING : true;
            });
      }
    }
  }

  @Test
  void noMoreJobsRunThanThereAreSlots() {
    try (var fixture = new WorkerFixture()) {
      fixture.start(fixture.redis.work(), tools(), WorkerFixture.settings(4, LIMIT));
      List<JobId> ids = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ids.add(fixture.jobs.submit(request(REPEATABLE), false).id());
        gate.release(i % 2);
      }
      gate.release(100);
      fixture.waitForTheEnd(ids);
      assertThat(mostRunning.get()).isLessThanOrEqualTo(4);
      assertThat(calls).hasValue(40);
    }
  }

  @Test
  void aWorkerThatStopsGetsNoMoreJobs() {
    try (var fixture = new WorkerFixture()) {
      Worker worker =
          fixture.start(fixture.redis.work(), tools(), WorkerFixture.settings(4, LIMIT));
      worker.stop();
      assertThat(fixture.jobs.submit(request(REPEATABLE), false).state())
          .isEqualTo(JobState.QUEUED);
    }
  }

  @Test
  void aJobWhoseReplyIsLostIsGivenBackAndRunsOnce() {
    try (var redis = RedisServer.start(RedisServer.onPath().orElseGet(RedisServer::bundled));
        var proxy = TcpProxy.to(redis.port());
        var fixture =
            new WorkerFixture(
                TestRedis.namespace(),
                "redis://127.0.0.1:" + proxy.port(),
                Duration.ofMinutes(5), // longer than the test: only a give-back requeues the job
                Duration.ofSeconds(2))) {
      String enqueue = RedisQueueFixture.sha("ENQUEUE");
      proxy.lookFor("BLPOP", enqueue);
      gate.release(1_000);
      fixture.start(fixture.redis.work(), tools(), WorkerFixture.settings(10, LIMIT));
      // On a busy machine a reply may be late already here.
      await()
          .atMost(LIMIT)
          .ignoreException(QueueUnavailableException.class)
          .until(() -> {
            Job job = fixture.jobs.submit(request(REPEATABLE), false);
            fixture.waitFor(job.id(), JobState.COMPLETED);
            return job.state() == JobState.RUNNING;
          });

      List<TcpProxy.Link> links = proxy.linksThatSent(enqueue);
      assertThat(links).isNotEmpty();
      links.forEach(TcpProxy.Link::loseReplies);
      JobRequest request = WorkerFixture.request("held", REPEATABLE, LIMIT, LOST);
      assertThatThrownBy(() -> fixture.jobs.submit(request, false))
          .isInstanceOf(QueueUnavailableException.class);
      await()
          .atMost(LIMIT)
          .ignoreException(QueueUnavailableException.class)
          .until(
              () -> !lost.isEmpty() && fixture.job(lost.getFirst()).state() == JobState.COMPLETED);
      assertThat(lost).hasSize(1);
    }
  }

  @Test
  void whatWasHandedOverToAKilledProcessGoesOnOrHasAnUnknownOutcome(@TempDir Path directory) {
    String namespace = TestRedis.namespace();
    Duration lease = Duration.ofSeconds(2);
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), lease);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, lease)) {
      Process submitter = processes.launch(8, true);
      await().atMost(LIMIT).until(() -> handed(processes).size() == 2 && starts(processes) == 2);

      processes.kill(submitter);
      processes.start(8);
      processes.go();

      List<JobId> jobs = handed(processes);
      fixture.waitForTheEnd(jobs);
      assertThat(fixture.job(jobs.get(0)).state()).isEqualTo(JobState.COMPLETED);
      assertThat(ChaosProcesses.starts(processes.diaries(), jobs.get(0))).isEqualTo(2);
      assertThat(fixture.job(jobs.get(1)).error())
          .extracting(JobError::code)
          .isEqualTo(JobError.OUTCOME_UNKNOWN);
      assertThat(ChaosProcesses.starts(processes.diaries(), jobs.get(1))).isEqualTo(1);
    }
  }

  private static List<JobId> handed(ChaosProcesses processes) {
    return processes.diaries().stream()
        .filter(line -> line.startsWith("handed "))
        .map(line -> new JobId(line.substring("handed ".length())))
        .toList();
  }

  private static long starts(ChaosProcesses processes) {
    return processes.diaries().stream().filter(line -> line.startsWith("start ")).count();
  }
}
