package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.RedisSentinels;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;

/** The master is killed under load, and Sentinel makes its replica the master. */
@Tag("topology")
class SentinelFailoverTest {
  private static final Logger log = LoggerFactory.getLogger(SentinelFailoverTest.class);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<String> QUEUES = List.of("default");
  private static final Outcome ANSWER = new Outcome.Answered("{}", false);

  private final Set<JobId> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<JobId, AtomicInteger> accepted = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicBoolean producing = new AtomicBoolean(true);
  private final AtomicBoolean working = new AtomicBoolean(true);

  @Test
  void noAcknowledgedJobIsLostAndNoneHasTwoAcceptedOutcomes() throws Exception {
    try (var sentinels = RedisSentinels.start(RedisServer.installed(), 1)) {
      // Only the first master: after the failover the new one has no replica to acknowledge writes.
      var redis = fixture(sentinels).acknowledgedBy(1);
      redis.open();
      var after = fixture(sentinels);
      after.open();
      try {
        JobQueue jobs = redis.jobs(1_000_000);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          threads.add(Thread.ofPlatform().start(() -> produce(jobs)));
        }
        threads.add(Thread.ofPlatform().start(() -> work(after.work())));
        await().atMost(LIMIT).until(() -> acknowledged.size() > 500);

        sentinels.firstMaster().kill();
        await().atMost(LIMIT).until(() -> refused.get() > 3);
        int before = accepted.size();
        await().atMost(LIMIT).until(() -> accepted.size() > before + 1);
        sentinels.firstMaster().restart(); // now a replica of the other server
        int then = acknowledged.size();
        await().atMost(LIMIT).until(() -> acknowledged.size() > then + 100);
        producing.set(false);

        JobQueue read = after.jobs(1_000_000);
        await()
            .atMost(LIMIT)
            .ignoreExceptions()
            .until(() -> {
              after.work().reap(500);
              return acknowledged.stream().allMatch(id -> accepted.containsKey(id));
            });
        working.set(false);
        for (Thread thread : threads) {
          thread.join();
        }
        log.info(
            "{} jobs acknowledged, {} refused, {} done",
            acknowledged.size(),
            refused,
            accepted.size());
        Figures.row(
            "failover",
            "with ack-replicas 1: acknowledged, of them lost",
            acknowledged.size() + ", 0");
        assertThat(acknowledged)
            .allSatisfy(id ->
                assertThat(read.find(id))
                    .hasValueSatisfying(
                        job -> assertThat(job.state()).isEqualTo(JobState.COMPLETED)));
        assertThat(accepted.values()).allSatisfy(times -> assertThat(times).hasValue(1));
      } finally {
        producing.set(false);
        working.set(false);
        redis.close();
        after.close();
      }
    }
  }

  @Test
  void aBatchThatNoReplicaConfirmsIsNotAcknowledged() {
    try (var alone = RedisServer.start(RedisServer.installed())) {
      var redis = new RedisQueueFixture(TestRedis.namespace(), alone.url()).acknowledgedBy(1);
      redis.open();
      try {
        FlowQueue flows = redis.flows(10);
        JobId flow = flows.open(new FlowRequest(FlowKind.BATCH, "two", "local", false));
        flows.stage(flow, 0, List.of(Requests.repeatable(), Requests.repeatable()));
        assertThatThrownBy(() -> flows.seal(flow, 2))
            .isInstanceOf(QueueUnavailableException.class)
            .hasMessageContaining("longhaul.redis.ack-replicas");
      } finally {
        redis.close();
      }
    }
  }

  @Test
  void aJobThatNoReplicaConfirmsIsARetryableErrorThatNamesTheSetting() {
    try (var alone = RedisServer.start(RedisServer.installed())) {
      var redis = new RedisQueueFixture(TestRedis.namespace(), alone.url()).acknowledgedBy(1);
      redis.open();
      try {
        assertThatThrownBy(() -> redis.jobs(10).enqueue(List.of(Requests.repeatable())))
            .isInstanceOf(QueueUnavailableException.class)
            .hasMessageContaining("longhaul.redis.ack-replicas")
            .hasMessageContaining("idempotency key");
        // Outcomes are still accepted.
        Claim claim = redis.work().step(List.of(), QUEUES, 1).join().claims().getFirst();
        redis.work().start(List.of(claim)).join();
        assertThat(
                redis
                    .work()
                    .step(
                        List.of(new Completion.Finished(claim.id(), claim.token(), ANSWER)),
                        QUEUES,
                        0)
                    .join()
                    .accepted())
            .containsExactly(true);
      } finally {
        redis.close();
      }
    }
  }

  /** One run, or several for the figures of {@code make chaos}. */
  static Stream<Arguments> failovers() {
    IntStream runs =
        Boolean.getBoolean("longhaul.chaos.long") ? IntStream.rangeClosed(1, 8) : IntStream.of(1);
    return runs.mapToObj(run -> Arguments.of(run, run > 5 ? 30_000 : 0));
  }

  /** Measures the losses of a failover without acknowledging replicas (docs/guarantees.md). */
  @ParameterizedTest(name = "run {0}, the replica frozen for {1} jobs")
  @MethodSource("failovers")
  void withoutReplicasThatConfirmSomeAcknowledgedJobsAreLost(int run, int behind) throws Exception {
    try (var sentinels = RedisSentinels.start(RedisServer.installed(), 1)) {
      var redis = fixture(sentinels);
      redis.open();
      try {
        JobQueue jobs = redis.jobs(1_000_000);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          threads.add(Thread.ofPlatform().start(() -> produce(jobs)));
        }
        await().atMost(LIMIT).until(() -> acknowledged.size() > 5_000);
        if (behind > 0) {
          sentinels.firstReplica().freeze();
          await().atMost(LIMIT).until(() -> acknowledged.size() > 5_000 + behind);
        }
        sentinels.firstMaster().kill();
        if (behind > 0) {
          sentinels.firstReplica().thaw();
        }
        int then = acknowledged.size();
        await().atMost(LIMIT).until(() -> acknowledged.size() > then + 100);
        producing.set(false);
        for (Thread thread : threads) {
          thread.join();
        }
        long lost = acknowledged.stream().filter(id -> jobs.find(id).isEmpty()).count();
        Figures.row(
            "failover",
            "run %d without ack-replicas, %s: acknowledged, of them lost"
                .formatted(run, behind > 0 ? "replica frozen before" : "both healthy"),
            acknowledged.size() + ", " + lost);
        assertThat(lost).isLessThan(acknowledged.size());
      } finally {
        producing.set(false);
        redis.close();
      }
    }
  }

  private static RedisQueueFixture fixture(RedisSentinels sentinels) {
    return new RedisQueueFixture(
        "failover",
        new RedisSentinelConfiguration(RedisSentinels.NAME, Set.copyOf(sentinels.nodes())),
        1,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        _ -> {});
  }

  private void produce(JobQueue jobs) {
    while (producing.get()) {
      try {
        acknowledged.addAll(jobs.enqueue(List.of(Requests.repeatable())));
      } catch (QueueUnavailableException e) {
        refused.incrementAndGet();
      }
    }
  }

  // A minimal worker: claims, starts, and repeats an outcome until it gets a reply.
  private void work(WorkQueue queue) {
    List<Completion> done = new ArrayList<>();
    while (working.get() || !done.isEmpty()) {
      try {
        var answer = queue.step(List.copyOf(done), QUEUES, 16).get(10, TimeUnit.SECONDS);
        for (int i = 0; i < done.size(); i++) {
          if (answer.accepted().get(i)) {
            accepted.computeIfAbsent(done.get(i).id(), _ -> new AtomicInteger()).incrementAndGet();
          }
        }
        done.clear();
        Set<JobId> started = queue.start(answer.claims()).get(10, TimeUnit.SECONDS);
        for (Claim claim : answer.claims()) {
          if (started.contains(claim.id())) {
            done.add(new Completion.Finished(claim.id(), claim.token(), ANSWER));
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        log.info("The worker works again after: {}", e.toString());
      }
    }
  }
}
