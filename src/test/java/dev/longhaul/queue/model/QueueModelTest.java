package dev.longhaul.queue.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random operations of producers, workers and zombies; each answer is compared with a model's. The
 * runs are short here; {@code make chaos} has more and longer ones. {@code -Dlonghaul.chaos.seed}
 * repeats one run.
 */
class QueueModelTest {
  private static final Logger log = LoggerFactory.getLogger(QueueModelTest.class);
  private static final int OPERATIONS = Integer.getInteger("longhaul.chaos.operations", 3_000);
  // So long that a lease ends only when an operation says so.
  private static final Duration LEASE = Duration.ofHours(5);

  static LongStream seeds() {
    Long one = Long.getLong("longhaul.chaos.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.generate(System::nanoTime)
            .limit(Integer.getInteger("longhaul.chaos.seeds", 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyAnswerIsWhatTheModelSays(long seed) {
    log.info("Seed {}, {} operations", seed, OPERATIONS);
    var redis = new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 1, LEASE);
    redis.fair(true, Map.of("owner0", 3));
    redis.open();
    try {
      try (var run = new ModelRun(redis, seed)) {
        Map<String, Integer> counts = run.run(OPERATIONS);
        Figures.row(
            "model",
            "seed %d: %d operations, differences from the model 0".formatted(seed, OPERATIONS),
            new TreeMap<>(counts));
        assertThat(counts)
            .containsKeys(
                "step",
                "race",
                "fail over",
                "reap",
                "say again",
                "replay",
                "drain queue",
                "open breaker");
      }
      assertThat(redis.keysThatWouldStayForever()).isEmpty();
      assertThat(redis.miscounts()).isEmpty();
    } finally {
      redis.close();
    }
  }
}
