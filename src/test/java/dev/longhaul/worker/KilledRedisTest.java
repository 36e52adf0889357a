package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** kill -9 of Redis, and power cuts, while producers and workers use it. */
class KilledRedisTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(100, List.of(Duration.ofMillis(10)), true);

  private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final Queue<JobId> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicBoolean producing = new AtomicBoolean(true);
  private final Random random = new Random();

  @Test
  void withEveryWriteSyncedNothingThatWasAcknowledgedIsLost() throws Exception {
    int kills = Figures.rounds(2, 12);
    int unknown = 0;
    try (var redis = start("always");
        var fixture = new WorkerFixture(redis.url())) {
      Thread producer = work(fixture);
      for (int kill = 0; kill < kills; kill++) {
        produceMore(100);
        redis.kill();
        redis.restart();
      }
      produceMore(20);
      stop(producer);

      fixture.waitForTheEnd(acknowledged);
      for (JobId id : acknowledged) {
        assertThat(fixture.jobs.find(id)).as("the acknowledged job %s", id).isPresent();
        assertThat(fixture.jobs.outcome(id)).isPresent();
        Job job = fixture.job(id);
        AtomicInteger count = runs.getOrDefault(id.value(), new AtomicInteger());
        if (job.state() == JobState.COMPLETED) {
          assertThat(count.get()).as("runs of %s", job).isPositive();
        } else {
          // Its lease ended during an outage: it is dead, and was not run a second time.
          assertThat(job.retry().repeatable()).as("repeatable, %s", job).isFalse();
          assertThat(job.state()).isEqualTo(JobState.DEAD);
          unknown++;
        }
        if (!job.retry().repeatable()) {
          assertThat(count.get()).as("runs of %s", job).isLessThan(2);
        }
      }
      row("always", "kills of Redis (kill -9)", kills);
      row("always", "jobs acknowledged", acknowledged.size());
      row("always", "acknowledged and lost", 0);
      row("always", "not repeatable, run twice", 0);
      row("always", "not repeatable, ended with outcome unknown", unknown);
      row("always", "calls of producers refused as unavailable, meanwhile", refused.get());
    }
  }

  /** A kill loses no data that Redis has written; a power cut loses data that is not synced. */
  @Test
  void aPowerCutWithSyncEverySecondLosesTheLastOneAndTheRestGoesOn() throws Exception {
    int cuts = Figures.rounds(1, 5);
    int lost = 0;
    int twice = 0;
    try (var redis = start("everysec");
        var fixture = new WorkerFixture(redis.url())) {
      Thread producer = work(fixture);
      for (int cut = 0; cut < cuts; cut++) {
        produceMore(100);
        Deque<Long> sizes = new ArrayDeque<>();
        long end = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
        await()
            .pollInterval(Duration.ofMillis(100))
            .atMost(LIMIT)
            .until(() -> {
              sizes.add(Files.size(appendOnlyFile(redis)));
              return System.nanoTime() - end > 0;
            });
        redis.kill();
        shorten(appendOnlyFile(redis), sizes.getFirst());
        redis.restart();
      }
      produceMore(20);
      stop(producer);
      fixture.waitForTheEnd(acknowledged);
      for (JobId id : acknowledged) {
        if (fixture.jobs.find(id).isEmpty()) {
          lost++;
          continue;
        }
        assertThat(fixture.jobs.outcome(id)).isPresent();
        AtomicInteger count = runs.get(id.value());
        if (!fixture.job(id).retry().repeatable() && count != null && count.get() > 1) {
          twice++;
        }
      }
      assertThat(fixture.jobs.depths().running()).isZero();
    }
    assertThat(lost).as("jobs lost of %d", acknowledged.size()).isLessThan(acknowledged.size());
    row("everysec", "power cuts (its file cut back by 1.1 s)", cuts);
    row("everysec", "jobs acknowledged", acknowledged.size());
    row("everysec", "acknowledged and lost", lost);
    row("everysec", "not repeatable, run twice because their start was lost", twice);
  }

  /** All leases are prolonged after an outage, so that it does not end all running jobs. */
  @Test
  void anOutageLongerThanTheLeaseCostsNoAttempt() throws Exception {
    Duration lease = Duration.ofSeconds(2);
    try (var redis = start("always");
        var fixture = new WorkerFixture("outage", redis.url(), lease)) {
      var go = new java.util.concurrent.CountDownLatch(1);
      var entered = new java.util.concurrent.CountDownLatch(2);
      fixture.start(
          WorkerFixture.tools(
              "held",
              _ -> {
                entered.countDown();
                WorkerFixture.waitFor(go);
                return Tools.text("");
              }));
      JobId once = fixture.enqueue("held", RetryPolicy.once());
      JobId repeatable = fixture.enqueue("held", REPEATABLE);
      WorkerFixture.waitFor(entered);
      fixture.waitFor(repeatable, JobState.RUNNING);
      await().atMost(LIMIT).until(fixture.redis::reaping);

      redis.kill();
      await()
          .pollDelay(lease.plusMillis(500))
          .atMost(LIMIT)
          .until(() -> true); // the outage: no event to wait for
      redis.restart();
      // Reap twice: the first reap notices the outage.
      for (int i = 0; i < 2; i++) {
        assertThat(fixture.redis.otherWork().reap(10).ended()).isEmpty();
      }
      go.countDown();

      for (JobId id : List.of(once, repeatable)) {
        fixture.waitFor(id, JobState.COMPLETED);
        assertThat(fixture.job(id).attempt()).isEqualTo(1);
      }
      row("outage", "outage longer than the lease: jobs that lost their worker", 0);
    }
  }

  private static void row(String mode, String what, Object value) {
    Figures.row("killed-redis-" + mode, what, value);
  }

  private static RedisServer start(String sync) {
    return RedisServer.start(
        RedisServer.onPath().orElseGet(RedisServer::bundled),
        "appendonly yes",
        "appendfsync " + sync);
  }

  /** Two workers, and a producer that repeats every call until it succeeds. */
  private Thread work(WorkerFixture fixture) {
    var tools = new RegisteredTools();
    tools.register(
        Tools.queued(
            "quick",
            _ -> {
              runs.computeIfAbsent(JobContext.current().id(), _ -> new AtomicInteger())
                  .incrementAndGet();
              return Tools.text("");
            }));
    fixture.start(tools);
    fixture.startOther(tools);
    return Thread.ofPlatform()
        .start(() -> {
          while (producing.get()) {
            try {
              RetryPolicy retry = random.nextBoolean() ? REPEATABLE : RetryPolicy.once();
              acknowledged.add(fixture.enqueue("quick", retry));
            } catch (QueueUnavailableException e) {
              refused.incrementAndGet();
            }
          }
        });
  }

  private void produceMore(int count) {
    int before = acknowledged.size();
    await().atMost(LIMIT).until(() -> acknowledged.size() >= before + count);
  }

  private void stop(Thread producer) throws InterruptedException {
    producing.set(false);
    producer.join(LIMIT);
  }

  private static Path appendOnlyFile(RedisServer redis) throws IOException {
    try (var files = Files.walk(redis.directory())) {
      return files
          .filter(file -> file.toString().endsWith(".aof"))
          .filter(file -> !file.toString().contains(".base."))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .orElseThrow();
    }
  }

  private static void shorten(Path file, long size) throws IOException {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(size);
    }
  }
}
