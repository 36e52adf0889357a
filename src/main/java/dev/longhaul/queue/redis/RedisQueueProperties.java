package dev.longhaul.queue.redis;

import dev.longhaul.job.Priority;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The queue on Redis.
 *
 * @param queue limits of the queue
 * @param redis how Redis is used
 */
@ConfigurationProperties("longhaul")
public record RedisQueueProperties(@DefaultValue Queue queue, @DefaultValue Redis redis) {

  /**
   * Limits of the queue.
   *
   * @param maxLength how many jobs one named queue may hold before it refuses more; 0 for no limit;
   *     each shard has its part of it
   * @param lease how long a worker owns a job without renewing; a lost worker's jobs are taken over
   *     after it
   * @param maxLostWorkers how many workers a job may lose before it is given up as poison
   * @param maxHeld how long a held job waits to be started before it fails
   * @param bands the lowest priority of the lists urgent, high and default; what is lower waits in
   *     the list low
   * @param patience how long the first job of the lists high, default and low waits before it is
   *     preferred; 0 for never
   * @param fair whether callers take turns within a band; without it jobs of all callers are
   *     claimed in the order of their submission. Decided when a job is submitted
   * @param weights how many jobs of a caller are claimed when it is its turn, by the caller's name,
   *     1 to 1000; 1 for all others. Those of the process that was started last hold for all
   */
  public record Queue(
      @DefaultValue("1000000") int maxLength,
      @DefaultValue("12s") Duration lease,
      @DefaultValue("3") int maxLostWorkers,
      @DefaultValue("7d") Duration maxHeld,
      @DefaultValue({"20", "10", "0"}) List<Integer> bands,
      @DefaultValue({"10s", "30s", "60s"}) List<Duration> patience,
      @DefaultValue("true") boolean fair,
      @DefaultValue Map<String, Integer> weights) {
    private static final int MOST_WEIGHT = 1000;
    private static final int LOWER_BANDS = Priority.BANDS - 1;

    public Queue {
      bands = List.copyOf(bands);
      patience = List.copyOf(patience);
      weights = Map.copyOf(weights);
      if (bands.size() != LOWER_BANDS || !bands.equals(descending(bands))) {
        throw new IllegalArgumentException(
            "longhaul.queue.bands must be three falling numbers, the lowest priorities of urgent,"
                + " high and default, not "
                + bands);
      }
      if (patience.size() != LOWER_BANDS || patience.stream().anyMatch(Duration::isNegative)) {
        throw new IllegalArgumentException(
            "longhaul.queue.patience must be three times, for high, default and low, not "
                + patience);
      }
      weights.forEach((caller, weight) -> {
        if (weight < 1 || weight > MOST_WEIGHT) {
          throw new IllegalArgumentException(
              "longhaul.queue.weights." + caller + " must be 1 to 1000, not " + weight);
        }
      });
    }

    /** The list a job waits in: 0 (urgent) to 3 (low). */
    int band(Priority priority) {
      int band = 0;
      while (band < LOWER_BANDS && priority.value() < bands.get(band)) {
        band++;
      }
      return band;
    }

    /** The line in which a job waits, as {@link FixedFields} stores it. */
    String line(boolean internal) {
      return !fair ? FixedFields.EVERYBODYS : internal ? FixedFields.INTERNAL : FixedFields.OWNERS;
    }

    private static List<Integer> descending(List<Integer> numbers) {
      return numbers.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    }
  }

  /**
   * How Redis is used.
   *
   * @param memoryLimit the share of Redis' maxmemory above which no more jobs are accepted, 0 to 1
   * @param shards the number of hash tags over which new jobs are spread, 1 to 1024; more than one
   *     is for Redis Cluster
   * @param ackReplicas how many replicas must have a job before it is acknowledged; with 1 no
   *     acknowledged job is lost in a failover
   * @param ackTimeout how long to wait for these replicas before the request fails as unavailable
   * @param layout the newest layout of stored jobs that is written; 0 for the newest that all
   *     processes read; an older one is for the way back to an older version
   * @param layoutAfter how long all processes must have read a newer layout before it is written;
   *     until then the older version can be started again
   */
  public record Redis(
      @DefaultValue("0.8") double memoryLimit,
      @DefaultValue("1") int shards,
      @DefaultValue("0") int ackReplicas,
      @DefaultValue("1s") Duration ackTimeout,
      @DefaultValue("0") int layout,
      @DefaultValue("24h") Duration layoutAfter) {

    public Redis {
      if (layout != 0 && (layout < Layout.OLDEST || layout > Layout.VERSION)) {
        throw new IllegalArgumentException(
            "longhaul.redis.layout must be "
                + Layout.OLDEST
                + " to "
                + Layout.VERSION
                + ", or 0 for the newest that all processes read, not "
                + layout);
      }
      if (layoutAfter.isNegative()) {
        throw new IllegalArgumentException(
            "longhaul.redis.layout-after must not be negative: " + layoutAfter);
      }
    }
  }
}
