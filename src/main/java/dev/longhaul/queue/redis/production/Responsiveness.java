package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

/** How fast the Redis answers from here, and whether its clock is the same as this machine's. */
final class Responsiveness {
  private static final String LATENCY = "redis-latency";
  private static final String CLOCK = "clock";
  private static final int PINGS = 21;
  private static final double SLOW_MILLIS = 5;
  private static final double TOO_SLOW_MILLIS = 100;
  private static final Duration NOTICEABLE = Duration.ofSeconds(1);
  private static final Duration TOO_MUCH = Duration.ofSeconds(30);

  private Responsiveness() {}

  static List<Finding> of(RedisConnection connection, Clock clock) {
    return List.of(latency(connection), clock(connection, clock));
  }

  private static Finding latency(RedisConnection connection) {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < PINGS; i++) {
      long start = System.nanoTime();
      var _ = connection.ping();
      nanos.add(System.nanoTime() - start);
    }
    double millis = nanos.stream().sorted().toList().get(PINGS / 2) / 1e6;
    String observed =
        String.format(Locale.ROOT, "The median of %d PINGs is %.2f ms", PINGS, millis);
    String remedy =
        "Run Longhaul in the same data centre as Redis; look at Redis' SLOWLOG and load.";
    if (millis >= TOO_SLOW_MILLIS) {
      return Finding.fail(LATENCY, observed + "; each call needs several answers.", remedy);
    }
    return millis >= SLOW_MILLIS
        ? Finding.warn(LATENCY, observed + "; each call needs several answers.", remedy)
        : Finding.pass(LATENCY, observed + ".");
  }

  private static Finding clock(RedisConnection connection, Clock clock) {
    Long there;
    long before = clock.millis();
    try {
      there = connection.serverCommands().time(TimeUnit.MILLISECONDS);
    } catch (DataAccessException e) {
      return Unreadable.finding(CLOCK, "+time");
    }
    if (there == null) {
      return Unreadable.finding(CLOCK, "+time");
    }
    Duration difference = Duration.ofMillis(there - (before + clock.millis()) / 2).abs();
    String observed =
        String.format(
            Locale.ROOT, "Redis' clock differs by %.3f s", difference.toMillis() / 1_000.0);
    String remedy =
        "Synchronise the clocks of both machines (NTP). Leases go by Redis' time alone; what expires"
            + " here, such as access tokens, goes by this machine's.";
    if (difference.compareTo(TOO_MUCH) > 0) {
      return Finding.fail(CLOCK, observed + ".", remedy);
    }
    return difference.compareTo(NOTICEABLE) > 0
        ? Finding.warn(CLOCK, observed + ".", remedy)
        : Finding.pass(CLOCK, observed + ".");
  }
}
