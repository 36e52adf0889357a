package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repeated kill -9 of worker processes with running jobs. */
class KilledWorkersTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  // Short, so that a build can kill many workers; a long run measures the default.
  private static final Duration LEASE = Duration.ofSeconds(2);
  // A job may lose many workers here; that limit is not tested in this class.
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(100, List.of(Duration.ofMillis(10)), true);
  private static final int JOBS_A_ROUND = 150;

  @TempDir Path directory;

  @Test
  void noJobIsLostAndEachHasOneOutcome() {
    int rounds = Figures.rounds(3, 15);
    long seed = Long.getLong("longhaul.chaos.seed", System.nanoTime());
    Random random = new Random(seed);
    Figures.row("killed-workers", "seed", seed);
    String namespace = TestRedis.namespace();
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), LEASE);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, LEASE)) {
      Map<JobId, Boolean> jobs = new LinkedHashMap<>();
      List<Process> workers = new ArrayList<>();
      workers.add(processes.start(8));
      workers.add(processes.start(8));
      for (int round = 0; round < rounds; round++) {
        int before = processes.diaries().size();
        enqueue(fixture, jobs, random);
        // By then some jobs have ended, some run, and most still wait.
        await().atMost(LIMIT).until(() -> processes.diaries().size() > before + 40);
        processes.kill(workers.remove(random.nextInt(2)));
        workers.add(processes.start(8));
      }
      fixture.waitForTheEnd(jobs.keySet());
      check(fixture, processes, jobs, rounds);
    }
  }

  private static void enqueue(WorkerFixture fixture, Map<JobId, Boolean> jobs, Random random) {
    for (int i = 0; i < JOBS_A_ROUND; i++) {
      boolean repeatable = random.nextBoolean();
      RetryPolicy retry = repeatable ? REPEATABLE : RetryPolicy.once();
      jobs.put(fixture.enqueue("quick", retry), repeatable);
    }
  }

  private static void check(
      WorkerFixture fixture, ChaosProcesses processes, Map<JobId, Boolean> jobs, int rounds) {
    List<String> diaries = processes.diaries();
    int unknown = 0;
    int again = 0;
    int poisoned = 0;
    for (Map.Entry<JobId, Boolean> entry : jobs.entrySet()) {
      Job job = fixture.job(entry.getKey());
      long starts = ChaosProcesses.starts(diaries, job.id());
      JobError error = job.error();
      assertThat(fixture.jobs.outcome(job.id())).as("outcome of %s", job).isPresent();
      if (job.state() == JobState.COMPLETED) {
        assertThat(starts).as("runs of %s", job).isPositive();
      } else {
        assertThat(job.state()).isEqualTo(JobState.DEAD);
        assertThat(error).isNotNull();
        assertThat(error.code())
            .isEqualTo(entry.getValue() ? JobError.POISON : JobError.OUTCOME_UNKNOWN);
        unknown += entry.getValue() ? 0 : 1;
        poisoned += entry.getValue() ? 1 : 0;
      }
      if (!entry.getValue()) {
        assertThat(starts).as("runs of %s, which may not be repeated", job).isLessThan(2);
      } else if (starts > 1) {
        again++;
      }
    }
    assertThat(ChaosProcesses.acceptedTwice(diaries)).isEmpty();
    assertThat(fixture.jobs.depths().running()).isZero();
    Figures.row("killed-workers", "workers killed (kill -9)", rounds);
    Figures.row("killed-workers", "jobs", jobs.size());
    Figures.row("killed-workers", "lost", 0);
    Figures.row("killed-workers", "with two accepted outcomes", 0);
    Figures.row("killed-workers", "repeatable, run again after a kill", again);
    Figures.row("killed-workers", "repeatable, ended as poison (three workers lost)", poisoned);
    Figures.row("killed-workers", "not repeatable, ended with outcome unknown", unknown);
    Figures.row("killed-workers", "not repeatable, run twice", 0);
  }

  /** A long run uses the default of {@code longhaul.queue.lease}. */
  @Test
  void theJobsOfAKilledWorkerAreSoonBackInWork() {
    Duration lease = Figures.LONG ? Duration.ofSeconds(12) : LEASE;
    int rounds = Figures.rounds(1, 5);
    List<Long> millis = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      millis.add(backInWork(lease, directory.resolve("round" + round)));
    }
    Figures.row("back-in-work", "rounds with the default lease", rounds);
    Figures.row("back-in-work", "kill -9 until the job runs again, seconds", seconds(millis));
  }

  private static List<Double> seconds(List<Long> millis) {
    return millis.stream().sorted().map(ms -> Math.round(ms / 100.0) / 10.0).toList();
  }

  private static long backInWork(Duration lease, Path directory) {
    assertThat(directory.toFile().mkdir()).isTrue();
    String namespace = TestRedis.namespace();
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), lease);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, lease)) {
      Process victim = processes.start(1);
      JobId id = fixture.enqueue("wait", REPEATABLE);
      await().atMost(LIMIT).until(() -> ChaosProcesses.starts(processes.diaries(), id) == 1);
      Process heir = processes.start(1);
      // A random time between two renewals.
      await()
          .pollDelay(Duration.ofMillis(new Random().nextLong(lease.toMillis() / 3)))
          .until(() -> true);
      long from = System.nanoTime();
      processes.kill(victim);
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(LIMIT)
          .until(() -> processes.diary(heir).contains("start " + id + " 2"));
      long millis = (System.nanoTime() - from) / 1_000_000;
      processes.go();
      fixture.waitFor(id, JobState.COMPLETED);
      return millis;
    }
  }
}
