package dev.longhaul.queue.redis;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The values of a job that never change, in one field of its hash, since each further field costs
 * memory in every waiting job and time in every read. Separated by blanks: time of creation (put
 * before the others by the script that stores the job), ms for attempts, 1 if repeatable else 0,
 * bytes that count for quotas, the owner's index name, the line, queue, band, tool, method,
 * priority, maximum attempts, time-out in ms, backoff in ms, owner. {@code -} stands for no tool,
 * for a tool's call and for the default backoff; an exact backoff begins with {@code +}; the owner
 * is last because it may contain blanks, and empty if it is the index name.
 *
 * @param retryFor the time for attempts, from the creation on
 */
record FixedFields(Instant created, Duration retryFor, JobSpec spec) {
  private static final String USUAL = "-";
  private static final String USUAL_METHOD = "tools/call";
  private static final String EXACT = "+";
  private static final int PARTS = 15;
  private static final char BLANK = '\u001f';
  private static final int INDEX = 4;
  private static final int OWNER = 14;

  /** The line of a job that waits among those of its owner. */
  static final String OWNERS = "-";

  /** The line of Longhaul's own jobs. */
  static final String INTERNAL = "~internal";

  /** The line of all jobs where callers do not take turns. */
  static final String EVERYBODYS = "*";

  /**
   * Writes them, without the time of creation.
   *
   * @param size the bytes that the job counts for quotas
   * @param band the list for its priority
   * @param line in which line it waits: {@link #OWNERS}, {@link #INTERNAL} or {@link #EVERYBODYS}
   */
  static String write(JobRequest request, long size, int band, String line) {
    String owner = request.owner();
    String index = RedisKeys.ownerIndex(owner);
    String tool = request.tool();
    return String.join(
        " ",
        Long.toString(request.delay().plus(request.retryUntil()).toMillis()),
        request.retry().repeatable() ? "1" : "0",
        Long.toString(size),
        index,
        line,
        queue(request.queue()),
        Integer.toString(band),
        tool == null ? USUAL : tool,
        last(request.spec(), owner.equals(index) ? "" : owner));
  }

  /** The last ones, from the method on. */
  static String last(JobSpec spec, String owner) {
    RetryPolicy retry = spec.retry();
    return String.join(
        " ",
        stored(spec.method()),
        Integer.toString(spec.priority().value()),
        Integer.toString(retry.maxAttempts()),
        Long.toString(spec.timeout().toMillis()),
        retry.exact()
            ? EXACT + text(retry.backoff())
            : retry.backoff().equals(RetryPolicy.DEFAULT_BACKOFF) ? USUAL : text(retry.backoff()),
        owner);
  }

  static FixedFields read(String text, Map<String, String> metadata) {
    String[] parts = text.split(" ", PARTS);
    String owner = parts[OWNER];
    return new FixedFields(
        Instant.ofEpochMilli(Long.parseLong(parts[0])),
        Duration.ofMillis(Long.parseLong(parts[1])),
        new JobSpec(
            parts[9].equals(USUAL) ? USUAL_METHOD : parts[9],
            parts[8].equals(USUAL) ? null : parts[8],
            owner.isEmpty() ? parts[INDEX] : owner,
            parts[6].replace(BLANK, ' '),
            new Priority(Integer.parseInt(parts[10])),
            Duration.ofMillis(Long.parseLong(parts[12])),
            new RetryPolicy(
                Integer.parseInt(parts[11]),
                backoff(parts[13]),
                parts[2].equals("1"),
                parts[13].startsWith(EXACT)),
            metadata));
  }

  /** The bytes that the job counts for quotas and its owner's index name. */
  static Map.Entry<String, Long> use(String text) {
    String[] parts = text.split(" ", PARTS);
    return Map.entry(parts[INDEX], Long.valueOf(parts[3]));
  }

  /** The stored form of a queue's name, which may have blanks. */
  static String queue(String name) {
    return name.replace(' ', BLANK);
  }

  /** The stored form of a method. */
  static String stored(String method) {
    return method.equals(USUAL_METHOD) ? USUAL : method;
  }

  private static String text(List<Duration> backoff) {
    return backoff.stream()
        .map(wait -> Long.toString(wait.toMillis()))
        .collect(Collectors.joining(","));
  }

  private static List<Duration> backoff(String text) {
    return text.equals(USUAL)
        ? RetryPolicy.DEFAULT_BACKOFF
        : Arrays.stream(text.split(",", -1))
            .map(ms -> Duration.ofMillis(Long.parseLong(ms)))
            .toList();
  }
}
