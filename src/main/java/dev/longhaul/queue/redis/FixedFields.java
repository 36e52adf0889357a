package dev.longhaul.queue.redis;

import dev.longhaul.job.JobSpec;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a job that never change and that scripts rarely read, in one field of its hash,
 * since each further field costs memory in every waiting job and time in every read. Method,
 * priority, maximum attempts, time-out in ms, backoff in ms and owner, separated by blanks, the
 * owner last because it may contain blanks; {@code -} stands for a tool's call and for the default
 * backoff; an exact backoff begins with {@code +}, which older workers read as the sign of the
 * first number.
 */
final class FixedFields {
  private static final String USUAL = "-";
  private static final String USUAL_METHOD = "tools/call";
  private static final String EXACT = "+";
  private static final int PARTS = 6;

  private FixedFields() {}

  static String write(JobSpec spec) {
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
        spec.owner());
  }

  /**
   * Reads them, together with the values that have separate fields.
   *
   * @param repeatable 1 if the tool may be repeated
   */
  static JobSpec read(
      String text,
      @Nullable String tool,
      String queue,
      @Nullable String repeatable,
      Map<String, String> metadata) {
    String[] parts = text.split(" ", PARTS);
    return new JobSpec(
        parts[0].equals(USUAL) ? USUAL_METHOD : parts[0],
        tool,
        parts[5],
        queue,
        new Priority(Integer.parseInt(parts[1])),
        Duration.ofMillis(Long.parseLong(parts[3])),
        new RetryPolicy(
            Integer.parseInt(parts[2]),
            backoff(parts[4]),
            "1".equals(repeatable),
            parts[4].startsWith(EXACT)),
        metadata);
  }

  /** The owner, who may see the job. */
  static String owner(String text) {
    return text.split(" ", PARTS)[5];
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
