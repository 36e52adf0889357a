package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Processes of different versions and settings on one Redis. */
class LayoutTest {
  private final String namespace = TestRedis.namespace();
  private final RedisQueueFixture one = new RedisQueueFixture(namespace, TestRedis.url(), 1);
  private final RedisQueueFixture three = new RedisQueueFixture(namespace, TestRedis.url(), 3);

  @BeforeEach
  void open() {
    one.open();
    three.open();
  }

  @AfterEach
  void close() {
    one.close();
    three.close();
  }

  @Test
  void theLayoutIsStoredByWhoeverComesFirst() {
    one.jobs(10).enqueue(List.of(Requests.repeatable()));
    assertThat(one.commands().hget(one.tag() + ":meta", "layout"))
        .isEqualTo(Integer.toString(Layout.VERSION));
  }

  // There is no build of a newer layout yet, so these announce processes as it would.

  @Test
  void aNewerLayoutIsWrittenOnlyAfterEveryLiveProcessReadsIt() {
    enqueue(one);
    assertThat(announce("new", 4, 4, Duration.ZERO, "older")).isEqualTo(3);
    assertThat(announce("new", 4, 4, Duration.ZERO)).isEqualTo(3); // that of the enqueue is known

    one.commands().del(one.tag() + ":processes"); // as after its announcement has expired
    assertThat(announce("new", 4, 4, Duration.ZERO)).isEqualTo(4);
    assertThat(meta("layout")).isEqualTo("4");
  }

  @Test
  void aProcessThatMayWriteOnlyAnOlderLayoutHoldsAllBack() {
    assertThat(announce("pinned", 4, 3, Duration.ZERO)).isEqualTo(3);
    assertThat(announce("new", 4, 4, Duration.ZERO, "pinned")).isEqualTo(3);

    one.commands().hdel(one.tag() + ":processes", "pinned");
    assertThat(announce("new", 4, 4, Duration.ZERO)).isEqualTo(4);
    assertThat(announce("pinned", 4, 3, Duration.ZERO)).isEqualTo(4);
  }

  @Test
  void aNewerLayoutIsWrittenOnlyAfterAWaitInWhichTheOlderVersionMayComeBack() {
    stored(3);
    Duration day = Duration.ofHours(24);
    assertThat(announce("new", 4, 4, day)).isEqualTo(3);
    assertThat(meta("raise")).startsWith("4 ");

    assertThat(announce("new", 4, 4, day, "older")).isEqualTo(3);
    assertThat(meta("raise")).isNull(); // the wait begins again
    one.commands().hset(one.tag() + ":meta", "raise", "4 1 " + System.currentTimeMillis());
    assertThat(announce("new", 4, 4, day)).isEqualTo(4);
  }

  @Test
  void theWaitBeginsAgainAfterATimeInWhichNobodyConfirmedIt() {
    stored(3);
    long longAgo = System.currentTimeMillis() - Duration.ofDays(3).toMillis();
    for (String unconfirmed : List.of("4 " + longAgo, "4 " + longAgo + " " + (longAgo + 5_000))) {
      one.commands().hset(one.tag() + ":meta", "raise", unconfirmed);
      assertThat(announce("new", 4, 4, Duration.ofHours(24))).isEqualTo(3);
      assertThat(meta("raise")).startsWith("4 ").doesNotContain(Long.toString(longAgo));
    }
  }

  @Test
  void anEmptyNamespaceBeginsWithALayoutThatThisVersionReads() {
    assertThat(announce("new", 3, 3, Duration.ZERO, "somebody")).isEqualTo(3);
  }

  private @Nullable String meta(String field) {
    return one.commands().hget(one.tag() + ":meta", field);
  }

  /** Returns the layout that is written. */
  private int announce(String process, int reads, int writes, Duration wait, String... listening) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of(process, Integer.toString(reads), Integer.toString(writes), "1", "45000"));
    args.addAll(List.of(Long.toString(wait.toMillis()), "build", "3", "1"));
    args.addAll(List.of(listening));
    List<Long> answer =
        one.commands()
            .eval(
                Script.META.source(),
                ScriptOutputType.MULTI,
                new String[] {one.tag()},
                args.toArray(String[]::new));
    return answer.getFirst().intValue();
  }

  @Test
  void whatEndedIsStoredButNothingIsClaimedFromANewerLayout() {
    one.jobs(10).enqueue(List.of(Requests.repeatable(), Requests.repeatable()));
    Claim claim = one.work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    stored(99);

    WorkQueue.StepAnswer answer =
        one.otherWork()
            .step(
                List.of(new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO)),
                List.of("default"),
                1)
            .join();
    assertThat(answer.accepted()).containsExactly(true);
    assertThat(answer.claims()).isEmpty();
    assertThatThrownBy(() -> one.otherWork().step(List.of(), List.of("default"), 1))
        .isInstanceOf(QueueUnavailableException.class);
    WorkQueue.Waiter waiter = one.otherWork().newWaiter();
    assertThatThrownBy(() -> waiter.claimWhenReady(List.of("default"), 1, Duration.ofSeconds(1)))
        .isInstanceOf(QueueUnavailableException.class);
  }

  @Test
  void anAnnouncementSaysUntilWhenItHoldsWhatIsReadAndTheBuild() {
    enqueue(one);
    assertThat(one.commands().hvals(one.tag() + ":processes"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .matches("\\d+ 3 3 development");
    assertThat(one.commands().pttl(one.tag() + ":processes")).isPositive();
  }

  private void stored(int layout) {
    one.commands().hset(one.tag() + ":meta", "layout", Integer.toString(layout));
  }

  // Each call is another process.
  private static JobId enqueue(RedisQueueFixture redis) {
    return redis.jobs(100).enqueue(List.of(Requests.repeatable())).getFirst();
  }

  @Test
  void aNewerLayoutIsLeftAlone() {
    one.commands().hset(one.tag() + ":meta", "layout", "99");

    assertThatThrownBy(() -> one.jobs(10).enqueue(List.of(Requests.repeatable())))
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageContaining("layout 99")
        .hasMessageContaining("longhaul.namespace")
        .hasMessageContaining("longhaul.redis.layout=3");
    assertThatThrownBy(() -> one.work().reap(10)).isInstanceOf(QueueUnavailableException.class);
    assertThat(one.commands().llen(one.tag() + ":q:default:2")).isZero();
  }

  @Test
  void whoHasFewerShardsServesTheOthersToo() {
    JobQueue more = three.jobs(100);
    Set<JobId> stored =
        IntStream.range(0, 6)
            .mapToObj(_ -> more.enqueue(List.of(Requests.repeatable())).getFirst())
            .collect(Collectors.toSet());
    assertThat(stored.stream().map(JobId::shard).collect(Collectors.toSet())).hasSize(3);

    one.work().reap(10);
    assertThat(
            one.work().step(List.of(), List.of("default"), 10).join().claims().stream()
                .map(Claim::id))
        .containsExactlyInAnyOrderElementsOf(stored);
    assertThat(one.jobs(100).enqueue(List.of(Requests.repeatable())).getFirst().shard()).isZero();
    assertThat(one.jobs(100).depths().running()).isEqualTo(6);
  }
}
