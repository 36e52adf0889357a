package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Backup and restore as docs/operations.md describes them, with real servers. */
@Tag("topology")
class BackupTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final String NAMESPACE = "backup";

  @TempDir Path directory;
  private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch running = new CountDownLatch(2);
  private final Queue<JobId> acknowledged = new ConcurrentLinkedQueue<>();

  @Test
  void aBackupTakenUnderLoadIsRestoredIntoAnotherServerAndItsJobsEnd() throws Exception {
    List<JobId> ended = new ArrayList<>();
    List<JobId> stored;
    JobId repeatable;
    JobId once;
    JobId held;
    Path backup = directory.resolve("backup.rdb");
    try (var redis = RedisServer.start(RedisServer.installed(), "appendonly yes");
        var fixture = new WorkerFixture(NAMESPACE, redis.url(), LEASE)) {
      fixture.start(tools());
      for (int i = 0; i < 20; i++) {
        ended.add(fixture.enqueue("quick", RetryPolicy.once()));
      }
      fixture.waitForTheEnd(ended);
      repeatable = fixture.enqueue("slow", WorkerFixture.REPEATABLE);
      once = fixture.enqueue("slow", RetryPolicy.once());
      WorkerFixture.waitFor(running);
      fixture.waitFor(once, JobState.RUNNING);
      fixture.waitFor(repeatable, JobState.RUNNING);
      held =
          fixture
              .jobs
              .enqueue(
                  List.of(WorkerFixture.request("quick", RetryPolicy.once(), LIMIT, 0).heldBack()))
              .getFirst();

      AtomicBoolean producing = new AtomicBoolean(true);
      Thread producer = produce(fixture, producing);
      more(100);
      stored = List.copyOf(acknowledged);
      back(redis, backup);
      more(50);
      producing.set(false);
      producer.join(LIMIT);
      go.countDown(); // these two end after the backup
      fixture.waitForTheEnd(acknowledged);
      fixture.waitFor(once, JobState.COMPLETED);
      fixture.waitFor(repeatable, JobState.COMPLETED);
    }

    try (var redis = RedisServer.start(RedisServer.installed(), "appendonly no")) {
      restore(redis, backup);
      try (var fixture = new WorkerFixture(NAMESPACE, redis.url(), LEASE)) {
        fixture.start(tools());
        for (JobId id : stored) {
          assertThat(fixture.jobs.find(id))
              .as("acknowledged before the backup: %s", id)
              .isPresent();
        }
        fixture.waitForTheEnd(stored);
        for (JobId id : ended) {
          assertThat(fixture.job(id).state()).isEqualTo(JobState.COMPLETED);
          assertThat(fixture.jobs.outcome(id)).isPresent();
          assertThat(runsOf(id)).isEqualTo(1);
        }
        for (JobId id : stored) {
          assertThat(fixture.jobs.outcome(id)).isPresent();
          assertThat(runsOf(id)).isBetween(1, 2); // twice what ended after the backup
        }
        // They ran when the backup was made, and their worker is gone.
        fixture.waitFor(repeatable, JobState.COMPLETED);
        assertThat(runsOf(repeatable)).isEqualTo(2);
        JobError lost = fixture.waitFor(once, JobState.DEAD).error();
        assertThat(lost).isNotNull();
        assertThat(lost.code()).isEqualTo(JobError.OUTCOME_UNKNOWN);
        assertThat(runsOf(once)).isEqualTo(1);
        assertThat(fixture.jobs.release(held)).isNotNull();
        fixture.waitFor(held, JobState.COMPLETED);
      }
    }
  }

  /** The trap: it starts empty, and the next snapshot overwrites the backup. */
  @Test
  void aServerWithItsAppendOnlyFileOnIgnoresABackupThatLiesInItsDirectory() throws Exception {
    try (var redis = RedisServer.start(RedisServer.installed(), "appendonly yes")) {
      asked(redis, on -> on.set("key", "value"));
      Path backup = directory.resolve("backup.rdb");
      back(redis, backup);
      redis.kill();
      FileSystemUtils.deleteRecursively(redis.directory().resolve("appendonlydir"));
      Files.copy(
          backup, redis.directory().resolve("dump.rdb"), StandardCopyOption.REPLACE_EXISTING);
      redis.restart();
      long size = asked(redis, RedisCommands::dbsize);
      assertThat(size).isZero();
    }
  }

  private static void back(RedisServer redis, Path copy) throws IOException {
    asked(redis, RedisCommands::bgsave);
    await().atMost(LIMIT).until(() -> info(redis).contains("rdb_bgsave_in_progress:0"));
    assertThat(info(redis)).contains("rdb_last_bgsave_status:ok");
    Files.copy(redis.directory().resolve("dump.rdb"), copy);
  }

  /** With the append-only file off at first, so that the snapshot is read; then on, for good. */
  private static void restore(RedisServer redis, Path backup) throws IOException {
    redis.kill();
    Files.copy(backup, redis.directory().resolve("dump.rdb"), StandardCopyOption.REPLACE_EXISTING);
    redis.restart();
    asked(redis, on -> on.configSet("appendonly", "yes"));
    await()
        .atMost(LIMIT)
        .until(() ->
            info(redis).contains("aof_rewrite_in_progress:0")
                && info(redis).contains("aof_rewrite_scheduled:0"));
    assertThat(info(redis)).contains("aof_last_bgrewrite_status:ok").contains("aof_enabled:1");
    asked(redis, RedisCommands::configRewrite);
    Files.delete(redis.directory().resolve("dump.rdb"));
    redis.kill();
    redis.restart(); // from the append-only file
    long size = asked(redis, RedisCommands::dbsize);
    assertThat(size).isPositive();
  }

  private static String info(RedisServer redis) {
    return asked(redis, on -> on.info("persistence"));
  }

  private static <T> T asked(RedisServer redis, Function<RedisCommands<String, String>, T> asking) {
    try (var client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      return asking.apply(connection.sync());
    }
  }

  private RegisteredTools tools() {
    var tools = new RegisteredTools();
    tools.register(
        Tools.queued(
            "quick",
            _ -> {
              count();
              return Tools.text("");
            }));
    tools.register(
        Tools.queued(
            "slow",
            _ -> {
              count();
              running.countDown();
              WorkerFixture.waitFor(go);
              return Tools.text("");
            }));
    return tools;
  }

  private void count() {
    runs.computeIfAbsent(JobContext.current().id(), _ -> new AtomicInteger()).incrementAndGet();
  }

  private int runsOf(JobId id) {
    return runs.getOrDefault(id.value(), new AtomicInteger()).get();
  }

  private Thread produce(WorkerFixture fixture, AtomicBoolean producing) {
    return Thread.ofPlatform()
        .start(() -> {
          while (producing.get()) {
            acknowledged.add(fixture.enqueue("quick", WorkerFixture.REPEATABLE));
          }
        });
  }

  private void more(int count) {
    int before = acknowledged.size();
    await().atMost(LIMIT).until(() -> acknowledged.size() >= before + count);
  }
}
