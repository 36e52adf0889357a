package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes that are frozen or very busy, but not dead. */
class FrozenWorkerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(10, List.of(Duration.ofMillis(10)), true);

  @TempDir Path directory;

  @Test
  void whatAWorkerSaysThatWasStoppedForLongerThanItsLeaseIsDropped() {
    Duration lease = Duration.ofSeconds(2);
    String namespace = TestRedis.namespace();
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), lease);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, lease)) {
      Process frozen = processes.start(2);
      JobId repeatable = fixture.enqueue("wait", REPEATABLE);
      JobId once = fixture.enqueue("wait", RetryPolicy.once());
      await().atMost(LIMIT).until(() -> starts(processes, repeatable, once) == 2);

      ChaosProcesses.signal(frozen, "STOP");
      Process heir = processes.start(2);
      await()
          .atMost(LIMIT)
          .until(() -> processes.diary(heir).contains("start " + repeatable + " 2"));
      fixture.waitFor(once, JobState.DEAD);
      processes.go();
      fixture.waitFor(repeatable, JobState.COMPLETED);
      Outcome outcome = fixture.outcome(repeatable);
      ChaosProcesses.signal(frozen, "CONT");

      await()
          .atMost(LIMIT)
          .until(() ->
              processes.diary(frozen).contains("lost " + repeatable)
                  && processes.diary(frozen).contains("lost " + once));
      assertThat(processes.diary(frozen)).noneMatch(line -> line.startsWith("accepted"));
      assertThat(fixture.outcome(repeatable))
          .isEqualTo(outcome)
          .isInstanceOfSatisfying(
              Outcome.Answered.class,
              answered -> assertThat(answered.json()).contains("by " + heir.pid()));
      JobError error = fixture.job(once).error();
      assertThat(error).isNotNull();
      assertThat(error.code()).isEqualTo(JobError.OUTCOME_UNKNOWN);
      Figures.row(
          "frozen-worker", "SIGSTOP past the lease, then SIGCONT: late results dropped", "2 of 2");
    }
  }

  @Test
  void leasesSurviveToolsThatTakeEveryProcessor() {
    Duration lease = Duration.ofSeconds(3);
    int spinning = Runtime.getRuntime().availableProcessors();
    String namespace = TestRedis.namespace();
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), lease);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, lease)) {
      Process busy = processes.start(spinning);
      List<JobId> ids =
          java.util.stream.IntStream.range(0, spinning)
              .mapToObj(_ -> fixture.enqueue("spin", REPEATABLE))
              .toList();
      await()
          .atMost(LIMIT)
          .until(() ->
              ids.stream().allMatch(id -> ChaosProcesses.starts(processes.diaries(), id) == 1));

      // For two leases, every lease must be renewed again and again.
      long end = System.nanoTime() + lease.multipliedBy(2).toNanos();
      await()
          .atMost(LIMIT)
          .until(() -> {
            fixture.redis.work().reap(100);
            return System.nanoTime() - end > 0;
          });
      processes.go();
      for (JobId id : ids) {
        fixture.waitFor(id, JobState.COMPLETED);
        assertThat(fixture.job(id).attempt()).isEqualTo(1);
      }
      assertThat(processes.diary(busy)).noneMatch(line -> line.startsWith("lost"));
      Figures.row("frozen-worker", "CPU-bound tools beside the heartbeat, leases lost", 0);
    }
  }

  private static long starts(ChaosProcesses processes, JobId... ids) {
    List<String> diaries = processes.diaries();
    return List.of(ids).stream().mapToLong(id -> ChaosProcesses.starts(diaries, id)).sum();
  }
}
