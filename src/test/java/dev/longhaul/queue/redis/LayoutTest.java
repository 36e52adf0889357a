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
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.api.sync.RedisPubSubCommands;
import java.time.Duration;
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

  @Test
  void aNewerLayoutIsWrittenOnlyAfterEveryLiveProcessReadsIt() {
    stored(1);
    Subscriber older = new Subscriber(one.tag() + ":w:older");
    assertThat(layoutOf(enqueue(one))).isEqualTo(1);

    older.close();
    assertThat(layoutOf(enqueue(one))).isEqualTo(Layout.VERSION);
    assertThat(meta("layout")).isEqualTo(Integer.toString(Layout.VERSION));
  }

  @Test
  void aProcessThatMayWriteOnlyAnOlderLayoutHoldsAllBackAndGoesOnWritingItLater() {
    stored(1);
    RedisQueueFixture pinned = new RedisQueueFixture(namespace, TestRedis.url(), 1).writing(1);
    pinned.open();
    try {
      assertThat(layoutOf(enqueue(pinned))).isEqualTo(1);
      assertThat(layoutOf(enqueue(one))).isEqualTo(1);

      one.commands().del(one.tag() + ":processes"); // as after its announcement has expired
      assertThat(layoutOf(enqueue(one))).isEqualTo(Layout.VERSION);
      assertThat(layoutOf(enqueue(pinned))).isEqualTo(1);
    } finally {
      pinned.close();
    }
  }

  @Test
  void aNewerLayoutIsWrittenOnlyAfterAWaitInWhichTheOlderVersionMayComeBack() {
    stored(1);
    one.writingNewerAfter(Duration.ofHours(24));
    assertThat(layoutOf(enqueue(one))).isEqualTo(1);
    assertThat(meta("raise")).startsWith("2 ");

    try (var _ = new Subscriber(one.tag() + ":w:older")) {
      assertThat(layoutOf(enqueue(one))).isEqualTo(1);
      assertThat(meta("raise")).isNull(); // the wait begins again
    }
    one.commands().hset(one.tag() + ":meta", "raise", "2 1 " + System.currentTimeMillis());
    assertThat(layoutOf(enqueue(one))).isEqualTo(2);
  }

  @Test
  void theWaitBeginsAgainAfterATimeInWhichNobodyConfirmedIt() {
    stored(1);
    one.writingNewerAfter(Duration.ofHours(24));
    long longAgo = System.currentTimeMillis() - Duration.ofDays(3).toMillis();
    for (String unconfirmed : List.of("2 " + longAgo, "2 " + longAgo + " " + (longAgo + 5_000))) {
      one.commands().hset(one.tag() + ":meta", "raise", unconfirmed);
      assertThat(layoutOf(enqueue(one))).isEqualTo(1);
      assertThat(meta("raise")).startsWith("2 ").doesNotContain(Long.toString(longAgo));
    }
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
        .matches("\\d+ 2 2 development");
    assertThat(one.commands().pttl(one.tag() + ":processes")).isPositive();
  }

  private void stored(int layout) {
    one.commands().hset(one.tag() + ":meta", "layout", Integer.toString(layout));
  }

  private @Nullable String meta(String field) {
    return one.commands().hget(one.tag() + ":meta", field);
  }

  // Each call is another process.
  private static JobId enqueue(RedisQueueFixture redis) {
    return redis.jobs(100).enqueue(List.of(Requests.repeatable())).getFirst();
  }

  private int layoutOf(JobId job) {
    return one.commands().hexists(one.tag() + ":j:" + job.value(), "h") ? 2 : 1;
  }

  /** A process of a version that announces nothing, but listens to the changes of its jobs. */
  private static final class Subscriber implements AutoCloseable {
    private final RedisClient client = RedisClient.create(TestRedis.url());

    private final RedisPubSubCommands<String, String> redis = client.connectPubSub().sync();

    Subscriber(String channel) {
      redis.subscribe(channel);
    }

    @Override
    public void close() {
      redis.unsubscribe();
      client.shutdown();
    }
  }

  @Test
  void aNewerLayoutIsLeftAlone() {
    one.commands().hset(one.tag() + ":meta", "layout", "99");

    assertThatThrownBy(() -> one.jobs(10).enqueue(List.of(Requests.repeatable())))
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageContaining("layout 99")
        .hasMessageContaining("longhaul.namespace")
        .hasMessageContaining("longhaul.redis.layout=2");
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
