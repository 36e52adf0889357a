package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testing.TestRedis;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
  void aNewerLayoutIsLeftAlone() {
    one.commands().hset(one.tag() + ":meta", "layout", "99");

    assertThatThrownBy(() -> one.jobs(10).enqueue(List.of(Requests.repeatable())))
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageContaining("layout 99")
        .hasMessageContaining("longhaul.namespace");
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
