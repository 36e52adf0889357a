package dev.longhaul.ops.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.longhaul.catalog.EndedRun;
import dev.longhaul.ops.statistics.StatisticsReport.Figures;
import dev.longhaul.ops.statistics.StatisticsReport.OfOperation;
import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.ops.statistics.redis.RedisStatisticsStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The statistics of several processes, on a real Redis. */
class StatisticsTest {
  private static final Operation ECHO = inline("tools/call echo");
  private static LettuceConnectionFactory connections;
  private static RedisConnections redis;
  private final String namespace = TestRedis.namespace();

  @BeforeAll
  static void connect() {
    connections = TestRedis.connections();
    redis = new RedisConnections(connections, Duration.ofMinutes(1));
  }

  @AfterAll
  static void disconnect() {
    redis.close();
    connections.destroy();
  }

  private StatisticsStore store() {
    return new RedisStatisticsStore(redis, new KeyTags(namespace));
  }

  /** A store that can be switched off, before it has stored a batch or after. */
  private static final class Switched implements StatisticsStore {
    private final StatisticsStore store;
    boolean refuses;
    boolean losesReplies;

    Switched(StatisticsStore store) {
      this.store = store;
    }

    @Override
    public void add(String writer, long batch, Map<Operation, Counts> sums, Counts ended) {
      if (!refuses) {
        store.add(writer, batch, sums, ended);
      }
      if (refuses || losesReplies) {
        throw new StatisticsUnavailableException("away", new IllegalStateException());
      }
    }

    @Override
    public Recent read(int hours) {
      return store.read(hours);
    }

    @Override
    public LastHour lastHour() {
      return store.lastHour();
    }
  }

  /** The statistics of one process. */
  private record Gathering(GatheredCounts counts, Statistics statistics) implements AutoCloseable {
    void add(Operation operation, boolean failed, Duration took, long allocatedBytes) {
      counts.add(operation, failed, took, allocatedBytes);
    }

    void write() {
      statistics.write();
    }

    StatisticsReport report(int hours, @Nullable String operation) {
      return statistics.report(hours, operation);
    }

    LastHour lastHour() {
      return statistics.lastHour();
    }

    @Override
    public void close() {
      statistics.close();
    }
  }

  private static Gathering process(StatisticsStore store, GatheredCounts counts) {
    return new Gathering(counts, new Statistics(counts, store));
  }

  private static Operation inline(String name) {
    return new Operation(Operation.Kind.INLINE, name);
  }

  private static Operation job(String name) {
    return new Operation(Operation.Kind.JOB, name);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static Figures only(StatisticsReport report) {
    assertThat(report.operations()).hasSize(1);
    return report.operations().getFirst().total();
  }

  @Test
  void theSumsOfTwoProcessesAreMergedWithTheirPercentiles() {
    try (Gathering one = process(store(), new GatheredCounts(1));
        Gathering other = process(store(), new GatheredCounts(1))) {
      for (int i = 1; i <= 50; i++) {
        one.add(ECHO, false, millis(i), 1_000);
        other.add(ECHO, i <= 5, millis(50 + i), -1);
      }
      other.write();

      StatisticsReport report = one.report(24, null);

      OfOperation echo = report.operations().getFirst();
      assertThat(echo.operation()).isEqualTo("tools/call echo");
      assertThat(echo.kind()).isEqualTo("inline");
      assertThat(echo.byHour()).isNotEmpty();
      assertThat(echo.byHour().getFirst().hour()).isBeforeOrEqualTo(report.at());
      Figures total = only(report);
      assertThat(total.count()).isEqualTo(100);
      assertThat(total.failures()).isEqualTo(5);
      assertThat(total.measured()).isEqualTo(100);
      assertThat(total.meanSeconds()).isCloseTo(0.0505, within(0.000_01));
      assertThat(total.p50Seconds()).isCloseTo(0.050, within(0.005));
      assertThat(total.p95Seconds()).isCloseTo(0.095, within(0.010));
      assertThat(total.maxSeconds()).isEqualTo(0.1);
      assertThat(total.meanAllocatedBytes()).isEqualTo(1_000);
    }
  }

  @Test
  void aJobAndAnInlineCallOfOneToolAreTwoOperationsAndAFilterSelectsByName() {
    try (Gathering statistics = process(store(), new GatheredCounts(1))) {
      statistics.add(ECHO, false, millis(1), -1);
      statistics.add(job("tools/call echo"), false, millis(2), -1);
      statistics.add(inline("resources/templates/list"), false, millis(3), -1);

      assertThat(statistics.report(1, "tools/call echo").operations())
          .extracting(OfOperation::kind)
          .containsExactly("inline", "job");
      assertThat(statistics.report(24, null).operations()).hasSize(3);
      assertThat(statistics.report(24, "no such").operations()).isEmpty();
    }
  }

  @Test
  void nothingIsLostOrCountedTwiceWhileRedisIsAwayOrItsReplyIsLost() {
    var store = new Switched(store());
    try (Gathering statistics = process(store, new GatheredCounts(1))) {
      statistics.add(ECHO, false, millis(1), -1);
      store.refuses = true;
      assertThatThrownBy(statistics::write).isInstanceOf(StatisticsUnavailableException.class);
      statistics.add(ECHO, false, millis(1), -1);
      assertThatThrownBy(statistics::write).isInstanceOf(StatisticsUnavailableException.class);
      store.refuses = false;
      assertThat(only(statistics.report(24, null)).count()).isEqualTo(2);

      statistics.add(ECHO, false, millis(1), -1);
      store.losesReplies = true;
      assertThatThrownBy(statistics::write).isInstanceOf(StatisticsUnavailableException.class);
      store.losesReplies = false;
      assertThat(only(statistics.report(24, null)).count()).isEqualTo(3);
    }
  }

  @Test
  void whereNothingCanBeWrittenWhatIsStoredIsShown() {
    var store = new Switched(store());
    try (Gathering statistics = process(store, new GatheredCounts(1))) {
      statistics.add(ECHO, false, millis(1), -1);
      statistics.counts().ended(true, millis(10));
      statistics.write();
      store.refuses = true; // as with READONLY or a full memory
      statistics.add(ECHO, false, millis(1), -1);

      assertThat(only(statistics.report(24, null)).count()).isEqualTo(1);
      assertThat(statistics.lastHour().count()).isEqualTo(1);
      store.refuses = false;
      assertThat(only(statistics.report(24, null)).count()).isEqualTo(2);
    }
  }

  @Test
  void whatIsNotWrittenYetIsWrittenAtTheStop() {
    try (Gathering statistics = process(store(), new GatheredCounts(1))) {
      statistics.add(ECHO, false, millis(1), -1);
    }
    try (Gathering reader = process(store(), new GatheredCounts(1))) {
      assertThat(only(reader.report(24, null)).count()).isEqualTo(1);
    }
  }

  @Test
  void beyondTheLimitOperationsAreAddedUpAsOther() {
    int extra = 20;
    try (Gathering one = process(store(), new GatheredCounts(1));
        Gathering other = process(store(), new GatheredCounts(1))) {
      for (int i = 0; i < StatisticsStore.MAX_OPERATIONS + extra; i++) {
        one.add(inline("tools/call a" + i), false, millis(1), -1);
      }
      one.write();
      other.add(inline("tools/call new"), false, millis(1), -1);
      other.add(job("tools/call new"), false, millis(1), -1);

      List<OfOperation> operations = other.report(24, null).operations();

      assertThat(operations).extracting(OfOperation::operation).contains("other");
      assertThat(
              operations.stream()
                  .filter(its -> its.operation().equals("other"))
                  .mapToLong(its -> its.total().count())
                  .sum())
          .isEqualTo(extra + 1);
      // Each kind has a limit of its own.
      assertThat(operations.stream().filter(its -> its.kind().equals("job"))).hasSize(1);
    }
  }

  @Test
  void resourcesAreCountedTogetherHoweverManyThereAre() {
    var counts = new GatheredCounts(1);
    var observed = new ObservedOperations(counts);
    for (int i = 0; i < StatisticsStore.MAX_OPERATIONS; i++) {
      observed.onStop(EndedRun.ofResource("note://" + i, true, millis(1)));
    }
    observed.onStop(EndedRun.of("echo", true, millis(1)));
    assertThat(counts.take().operations().keySet())
        .containsExactlyInAnyOrder(job("resources/read"), job("tools/call echo"));
  }

  @Test
  void aSampleRateMeasuresFewerCallsAndCountsAll() {
    double[] next = {0};
    try (Gathering statistics =
        process(store(), new GatheredCounts(0.25, () -> (next[0] += 0.25) % 1))) {
      for (int i = 0; i < 100; i++) {
        statistics.add(ECHO, i < 10, millis(4), -1);
      }
      Figures figures = only(statistics.report(24, null));
      assertThat(figures.count()).isEqualTo(100);
      assertThat(figures.failures()).isEqualTo(10);
      assertThat(figures.measured()).isEqualTo(25);
      assertThat(figures.meanSeconds()).isEqualTo(0.004);
    }
    try (Gathering none = process(store(), new GatheredCounts(0))) {
      none.add(inline("ping"), false, millis(1), -1);
      Figures figures = only(none.report(24, "ping"));
      assertThat(figures.count()).isEqualTo(1);
      assertThat(figures.meanSeconds()).isNull();
      assertThat(figures.p95Seconds()).isNull();
    }
  }

  @Test
  void theJobsOfTheLastHourAreKnownByTheMinute() {
    try (Gathering statistics = process(store(), new GatheredCounts(1))) {
      assertThat(statistics.lastHour()).isEqualTo(new LastHour(0, 0, 0, 0));
      statistics.counts().ended(true, millis(10));
      statistics.counts().ended(false, millis(20));
      statistics.counts().ended(true);
      statistics.add(ECHO, true, millis(1), -1);
      assertThat(statistics.lastHour()).isEqualTo(new LastHour(3, 2, 2, 30_000));

      // Jobs of earlier minutes count for an hour.
      var template = new StringRedisTemplate(connections);
      String key = template.keys("{lh:" + namespace + "}:stat:m:*").iterator().next();
      long minute =
          Long.parseLong(
              template
                  .<String, String>opsForHash()
                  .keys(key)
                  .iterator()
                  .next()
                  .replaceAll(" .*", ""));
      template.opsForHash().put(key, (minute - 59) + " c", "5");
      template.opsForHash().put(key, (minute - 61) + " c", "7");
      // At most two of these minutes can begin during this test.
      assertThat(statistics.lastHour().count()).isIn(3L, 8L);
    }
  }

  @Test
  void everyKeyExpires() {
    try (Gathering statistics = process(store(), new GatheredCounts(1))) {
      statistics.add(ECHO, true, millis(10), -1);
      statistics.counts().ended(true);
      statistics.write();
    }
    var template = new StringRedisTemplate(connections);
    var keys = template.keys("{lh:" + namespace + "}:*");
    assertThat(keys).hasSize(3);
    assertThat(keys).allSatisfy(key -> assertThat(template.getExpire(key)).isPositive());
  }

  @Test
  void callsAreNotLostWhileOtherThreadsWrite() throws Exception {
    int threads = 4;
    int calls = 5_000;
    var done = new CountDownLatch(threads);
    try (Gathering statistics = process(store(), new GatheredCounts(1))) {
      for (int t = 0; t < threads; t++) {
        Thread.startVirtualThread(() -> {
          for (int i = 0; i < calls; i++) {
            statistics.add(ECHO, false, millis(1), -1);
          }
          done.countDown();
        });
      }
      while (done.getCount() > 0) {
        statistics.write();
      }
      assertThat(only(statistics.report(24, null)).count()).isEqualTo((long) threads * calls);
    }
  }
}
