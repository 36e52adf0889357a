package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers while the memory of Redis is full. */
class MemoryFullTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<String> QUEUES = List.of("default");

  @Test
  void whatIsDoneWithStoredJobsGetsThroughAndNewOnesAreRefused() {
    try (var redis = start();
        var fixture = new WorkerFixture(redis.url())) {
      WorkQueue work = fixture.redis.work();
      for (int i = 0; i < 5; i++) {
        fixture.enqueue("quick", WorkerFixture.REPEATABLE);
      }
      List<Claim> claims = work.step(List.of(), QUEUES, 4).join().claims();
      assertThat(work.start(claims).join()).hasSize(4);
      fill(fixture);

      assertThatThrownBy(() -> fixture.enqueue("quick", WorkerFixture.ONCE))
          .isInstanceOf(QueueFullException.class)
          .hasMessageContaining("maxmemory");
      Claim first = claims.getFirst();
      assertThat(work.renew(Map.of(first.id(), first.token())).lost()).isEmpty();
      var answer =
          work.step(
                  List.of(
                      new Completion.Finished(
                          first.id(), first.token(), new Outcome.Answered("{}", false)),
                      new Completion.GivenBack(
                          claims.get(1).id(), claims.get(1).token(), Duration.ZERO)),
                  QUEUES,
                  4)
              .join();
      assertThat(answer.accepted()).containsExactly(true, true);
      assertThat(answer.claims()).hasSize(2);
      assertThat(work.start(answer.claims()).join()).hasSize(2);
      assertThat(fixture.jobs.cancel(claims.get(2).id())).isEqualTo(CancelAnswer.CANCELLED);
      assertThat(work.reap(10).nextExpiry()).isNotNull();
      assertThat(fixture.job(first.id()).state()).isEqualTo(JobState.COMPLETED);
      assertThat(fixture.jobs.outcome(first.id())).isPresent();

      fixture.redis.commands().configSet("maxmemory", "16mb");
      work.reap(10);
      assertThat(fixture.enqueue("quick", WorkerFixture.ONCE)).isNotNull();
    }
  }

  @Test
  void aFloodOfJobsIsRefusedInTimeAndWorkedOff() {
    try (var redis = start();
        var fixture = new WorkerFixture(redis.url())) {
      List<JobId> stored = new ArrayList<>();
      String large = "x".repeat(20_000);
      assertThatThrownBy(
              () -> {
                while (stored.size() < 10_000) {
                  stored.addAll(fixture.jobs.enqueue(List.of(request(large))));
                }
              })
          .isInstanceOf(QueueFullException.class);

      fixture.start(WorkerFixture.tools("quick", _ -> Tools.text("")));
      fixture.waitForTheEnd(stored);
      for (JobId id : stored) {
        assertThat(fixture.job(id).state()).isEqualTo(JobState.COMPLETED);
      }
      await()
          .atMost(LIMIT)
          .ignoreException(QueueFullException.class)
          .until(() -> fixture.enqueue("quick", WorkerFixture.ONCE) != null);
      Figures.row("memory-full", "jobs stored before the refusal", stored.size());
      Figures.row("memory-full", "completed although memory was full", stored.size());
    }
  }

  private static RedisServer start() {
    return RedisServer.start(
        RedisServer.onPath().orElseGet(RedisServer::bundled),
        "maxmemory 16mb",
        "maxmemory-policy noeviction");
  }

  /** Sets a limit below the used memory, as if another user of this Redis had filled it. */
  private static void fill(WorkerFixture fixture) {
    fixture.redis.commands().configSet("maxmemory", "100kb");
  }

  private static JobRequest request(String text) {
    return new JobRequest(
        "tools/call",
        "quick",
        "{\"name\":\"quick\",\"arguments\":{\"text\":\"%s\"}}".formatted(text),
        "local",
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        LIMIT,
        LIMIT,
        RetryPolicy.once(),
        Map.of());
  }
}
