package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QuotaProperties;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** The quotas as quota.lua reads them, and the exception for an exceeded one. */
final class Quotas {
  private final QuotaProperties properties;
  private final int shards;

  Quotas(QuotaProperties properties, Shards shards) {
    this.properties = properties;
    this.shards = shards.configured();
  }

  /**
   * The quotas of one shard, each a part of the whole, for jobs that are spread over the shards.
   */
  String ofOneShard() {
    return text(shards);
  }

  /** The whole quotas, for a batch or chain, which is in one shard. */
  String whole() {
    return text(1);
  }

  /** How many jobs of one caller may run at once in one shard; empty if there is no limit. */
  OptionalInt callerRunning() {
    int most = Math.ceilDiv(properties.callerRunning(), shards);
    return most > 0 ? OptionalInt.of(most) : OptionalInt.empty();
  }

  private String text(int parts) {
    return String.join(
        " ",
        part(properties.callerJobs(), parts),
        part(properties.callerBytes().toBytes(), parts),
        part(properties.jobs(), parts),
        part(properties.bytes().toBytes(), parts),
        part(properties.callerPerMinute(), parts));
  }

  private static String part(long limit, int parts) {
    return Long.toString(Math.ceilDiv(limit, parts));
  }

  /**
   * The exception for an exceeded quota.
   *
   * @param answer what overQuota in quota.lua returns
   */
  QueueFullException exceeded(List<?> answer) {
    return exceeded((String) answer.get(1), (String) answer.get(2), (String) answer.get(3));
  }

  /**
   * The exception for an exceeded quota.
   *
   * @param setting its name below {@code longhaul.quotas}
   * @param reached the use including the refused jobs
   * @param wait the ms after which a retry makes sense, 0 if that is not known, -1 if so many jobs
   *     at once never pass
   */
  QueueFullException exceeded(String setting, String reached, String wait) {
    if (setting.equals("caller-per-minute") && wait.equals("-1")) {
      return new QueueFullException(
          "You would submit "
              + reached
              + " jobs at once"
              + ofShards()
              + " and longhaul.quotas.caller-per-minute is "
              + properties.callerPerMinute()
              + ", so they can never be accepted. Submit fewer at once, or let the operator raise it.",
          null);
    }
    if (setting.equals("caller-per-minute")) {
      return new QueueFullException(
          "You would have submitted "
              + reached
              + " jobs in a minute"
              + ofShards()
              + " and longhaul.quotas.caller-per-minute is "
              + properties.callerPerMinute()
              + ". Try again later with fewer at once, or let the operator raise it.",
          Duration.ofMillis(Long.parseLong(wait)));
    }
    long limit =
        switch (setting) {
          case "caller-jobs" -> properties.callerJobs();
          case "caller-bytes" -> properties.callerBytes().toBytes();
          case "jobs" -> properties.jobs();
          default -> properties.bytes().toBytes();
        };
    String whose =
        setting.startsWith("caller-") ? "Your open jobs" : "The open jobs of all callers";
    String what =
        setting.endsWith("bytes") ? " would hold " + reached + " bytes" : " would be " + reached;
    return new QueueFullException(
        whose
            + what
            + ofShards()
            + " and longhaul.quotas."
            + setting
            + " is "
            + limit
            + ". Try again when some have ended, cancel some, or let the operator raise it.",
        RedisJobQueue.RETRY_AFTER);
  }

  private String ofShards() {
    return shards > 1 ? " in one of " + shards + " shards" : "";
  }
}
