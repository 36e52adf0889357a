package dev.longhaul.queue.redis;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What nothing changes and hardly a script looks at, as one field of the job's hash: each further
 * field costs memory in every waiting job, and time in every look at one. Values with blanks
 * between, the owner last because it may have blanks itself; {@code -} for a tool's call, and for
 * the default backoff; a backoff that is exact begins with {@code +}, which a worker that does not
 * know of it reads as the sign of the first number.
 *
 * @param method the MCP method
 * @param priority the number that its caller gave
 * @param maxAttempts the most attempts
 * @param timeout how long one attempt may run
 * @param backoff the waits between attempts
 * @param exact whether they are kept as they are
 * @param owner who may see the job
 */
record Constants(
    String method,
    int priority,
    int maxAttempts,
    Duration timeout,
    List<Duration> backoff,
    boolean exact,
    String owner) {
  private static final String USUAL = "-";
  static final String USUAL_METHOD = "tools/call";
  private static final String EXACT = "+";
  private static final int PARTS = 6;

  static Constants of(JobRequest request) {
    return new Constants(
        request.method(),
        request.priority().value(),
        request.retry().maxAttempts(),
        request.timeout(),
        request.retry().backoff(),
        request.retry().exact(),
        request.owner());
  }

  static Constants parse(String text) {
    String[] parts = text.split(" ", PARTS);
    return new Constants(
        parts[0].equals(USUAL) ? USUAL_METHOD : parts[0],
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Duration.ofMillis(Long.parseLong(parts[3])),
        backoff(parts[4]),
        parts[4].startsWith(EXACT),
        parts[5]);
  }

  /** How a method is written. */
  static String stored(String method) {
    return method.equals(USUAL_METHOD) ? USUAL : method;
  }

  String text() {
    return String.join(
        " ",
        stored(method),
        Integer.toString(priority),
        Integer.toString(maxAttempts),
        Long.toString(timeout.toMillis()),
        exact
            ? EXACT + text(backoff)
            : backoff.equals(RetryPolicy.DEFAULT_BACKOFF) ? USUAL : text(backoff),
        owner);
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
