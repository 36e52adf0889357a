package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only a claim and a replay read the params of a job, which can be megabytes. */
class UnaskedParamsTest {
  private static final int JOBS = 60;
  private static final int SIZE = 1_000_000;
  private static final long LITTLE = 1_000_000;
  private static final RedisServer SERVER = RedisServer.start(RedisServer.bundled());

  private final RedisQueueFixture redis = new RedisQueueFixture("unasked", SERVER.url());
  private JobQueue jobs;

  @AfterAll
  static void stopServer() {
    SERVER.close();
  }

  @BeforeEach
  void open() {
    redis.open();
    redis.commands().flushall();
    jobs = redis.jobs(1_000);
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void looksAtLargeJobsMoveOnlyWhatTheyShow() {
    List<JobId> ids = enqueue(true);
    long peak = info("used_memory_peak");
    long before = info("total_net_output_bytes");

    assertThat(jobs.list(new JobFilter("local", null, null, null, 500)).jobs()).hasSize(JOBS);
    for (JobId id : ids) {
      assertThat(jobs.find(id)).isPresent();
      jobs.watch(id, () -> {}).close();
      assertThat(jobs.detach(id, Duration.ofHours(3))).isPresent();
    }

    assertThat(info("total_net_output_bytes") - before).isLessThan(LITTLE);
    assertThat(info("used_memory_peak") - peak).isLessThan(10 * LITTLE);
  }

  @Test
  void submittingAndCancellingReadsNoParams() {
    long before = info("total_net_output_bytes");
    List<JobId> ids = enqueue(false);
    ids.forEach(jobs::cancel);

    // Cancelled jobs stay in their list until a worker skips them.
    assertThat(redis.work().step(List.of(), List.of("default"), 64).join().claims()).isEmpty();

    assertThat(info("total_net_output_bytes") - before).isLessThan(LITTLE);
    assertThat(jobs.find(ids.getFirst()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void whatEndedAndCannotBeReplayedKeepsNoParams() {
    List<JobId> ids = enqueue(false);
    ids.forEach(jobs::cancel);
    assertThat(info("used_memory")).isLessThan(10 * LITTLE);
  }

  @Test
  void oneClaimHandsOutABoundedAmountAndTheRestKeepsItsOrder() {
    List<JobId> ids = enqueue(false);
    List<JobId> claimed = new ArrayList<>();
    while (claimed.size() < JOBS) {
      List<Claim> claims = redis.work().step(List.of(), List.of("default"), JOBS).join().claims();
      assertThat(claims).isNotEmpty().hasSizeLessThan(20);
      claims.forEach(claim -> claimed.add(claim.id()));
    }
    assertThat(claimed).isEqualTo(ids);
  }

  private List<JobId> enqueue(boolean held) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      ids.addAll(jobs.enqueue(List.of(request(held, "\"" + "x".repeat(SIZE) + "\""))));
    }
    return ids;
  }

  private long info(String name) {
    Matcher found =
        Pattern.compile("\r?\n" + name + ":(\\d+)").matcher(redis.commands().info("everything"));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  private static JobRequest request(boolean held, String params) {
    return new JobRequest(
        "tools/call",
        "greet",
        params,
        "local",
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        held,
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
        Map.of());
  }
}
