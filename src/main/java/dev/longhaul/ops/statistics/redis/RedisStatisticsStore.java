package dev.longhaul.ops.statistics.redis;

import dev.longhaul.ops.statistics.Counts;
import dev.longhaul.ops.statistics.Operation;
import dev.longhaul.ops.statistics.StatisticsStore;
import dev.longhaul.ops.statistics.StatisticsUnavailableException;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/**
 * Keeps the statistics in a hash for each hour; docs/redis-layout.md describes its fields. Those of
 * the jobs are also kept for each minute, for the figures of the last hour.
 */
public final class RedisStatisticsStore implements StatisticsStore {
  /** A bit more than a day, so that the oldest of 24 hours is complete. */
  private static final Duration TTL = Duration.ofHours(25);

  private static final LuaScript ADD = LuaScript.file("statistics-add");
  private static final LuaScript READ = LuaScript.file("statistics-read");
  private static final int HOUR_SECONDS = 3_600;
  private static final int HOUR_MINUTES = 60;

  private final RedisConnections redis;
  private final String tag;

  public RedisStatisticsStore(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.tag = tags.tag();
  }

  @Override
  public void add(String writer, long batch, Map<Operation, Counts> sums, Counts ended) {
    List<String> args = new ArrayList<>();
    args.add(writer);
    args.add(Long.toString(batch));
    args.add(Integer.toString(MAX_OPERATIONS));
    args.add(Long.toString(TTL.toSeconds()));
    for (long number :
        new long[] {ended.count(), ended.failures(), ended.timed(), ended.micros()}) {
      args.add(Long.toString(number));
    }
    sums.forEach((operation, counts) -> {
      args.add(operation.kind().wire());
      args.add(operation.name());
      numbers(args, counts);
    });
    var _ = reached(() -> redis.texts(ADD, List.of(tag), args.toArray(String[]::new)));
  }

  private static void numbers(List<String> args, Counts counts) {
    for (long number :
        new long[] {
          counts.count(),
          counts.failures(),
          counts.timed(),
          counts.micros(),
          counts.maxMicros(),
          counts.allocated(),
          counts.bytes()
        }) {
      args.add(Long.toString(number));
    }
    List<String> buckets = new ArrayList<>();
    for (int i = 0; i < Counts.BUCKETS; i++) {
      if (counts.buckets()[i] > 0) {
        buckets.add(Integer.toString(i));
        buckets.add(Long.toString(counts.buckets()[i]));
      }
    }
    args.add(Integer.toString(buckets.size() / 2));
    args.addAll(buckets);
  }

  @Override
  public Recent read(int hours) {
    List<Hour> found = new ArrayList<>();
    Instant at = Instant.EPOCH;
    for (int before = 0; before < hours; before++) {
      Stored stored = stored(before, "h");
      at = before == 0 ? stored.at() : at;
      Map<Operation, Counts> operations = operations(stored.fields());
      // An hour that ends between two reads is read twice.
      if (!operations.isEmpty()
          && (found.isEmpty() || stored.begin().isBefore(found.getLast().begin()))) {
        found.add(new Hour(stored.begin(), operations));
      }
    }
    return new Recent(at, found);
  }

  @Override
  public LastHour lastHour() {
    Stored current = stored(0, "m");
    Map<String, Long> fields = new HashMap<>(stored(1, "m").fields());
    fields.putAll(current.fields());
    long last = current.at().getEpochSecond() / HOUR_MINUTES;
    return new LastHour(
        sum(fields, last, "c"),
        sum(fields, last, "f"),
        sum(fields, last, "t"),
        sum(fields, last, "u"));
  }

  private static long sum(Map<String, Long> fields, long lastMinute, String what) {
    long sum = 0;
    for (long minute = lastMinute - HOUR_MINUTES + 1; minute <= lastMinute; minute++) {
      sum += fields.getOrDefault(minute + " " + what, 0L);
    }
    return sum;
  }

  private record Stored(Instant at, Instant begin, Map<String, Long> fields) {}

  private Stored stored(int hoursBefore, String what) {
    List<String> answer =
        reached(() -> redis.texts(READ, List.of(tag), Integer.toString(hoursBefore), what));
    Map<String, Long> fields = new HashMap<>();
    for (int i = 2; i + 1 < answer.size(); i += 2) {
      fields.put(answer.get(i), Long.valueOf(answer.get(i + 1)));
    }
    return new Stored(
        Instant.ofEpochSecond(Long.parseLong(answer.get(0))),
        Instant.ofEpochSecond(Long.parseLong(answer.get(1)) * HOUR_SECONDS),
        fields);
  }

  private static Map<Operation, Counts> operations(Map<String, Long> fields) {
    Map<String, long[]> buckets = new HashMap<>();
    fields.forEach((field, value) -> {
      int end = field.indexOf(' ');
      if (Character.isDigit(field.charAt(0))) {
        int bucket = Integer.parseInt(field, 0, end, 10);
        if (bucket < Counts.BUCKETS) {
          buckets.computeIfAbsent(field.substring(end + 1), _ -> new long[Counts.BUCKETS])[bucket] =
              value;
        }
      }
    });
    Map<Operation, Counts> operations = new HashMap<>();
    for (String field : fields.keySet()) {
      if (!field.startsWith("c ")) {
        continue;
      }
      String operation = field.substring(2);
      int end = operation.indexOf(' ');
      // A newer version may know further kinds.
      Operation.Kind.fromWire(operation.substring(0, end))
          .ifPresent(kind ->
              operations.put(
                  new Operation(kind, operation.substring(end + 1)),
                  new Counts(
                      number(fields, "c", operation),
                      number(fields, "f", operation),
                      number(fields, "t", operation),
                      number(fields, "u", operation),
                      number(fields, "x", operation),
                      number(fields, "m", operation),
                      number(fields, "b", operation),
                      buckets.getOrDefault(operation, new long[Counts.BUCKETS]))));
    }
    return operations;
  }

  private static long number(Map<String, Long> fields, String what, String operation) {
    return fields.getOrDefault(what + " " + operation, 0L);
  }

  private static <T> T reached(Supplier<T> action) {
    try {
      return action.get();
    } catch (DataAccessException e) {
      throw new StatisticsUnavailableException(
          "Redis is not available, so statistics cannot be read or written; try again.", e);
    }
  }
}
