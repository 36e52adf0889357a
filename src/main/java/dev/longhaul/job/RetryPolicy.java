package dev.longhaul.job;

import java.time.Duration;
import java.util.List;

/**
 * How often a job is attempted and how long it waits between attempts.
 *
 * @param maxAttempts how many attempts may be started, at least 1
 * @param backoff the wait before the second, third, … attempt; the last entry repeats
 * @param repeatable whether the tool may run again although an earlier attempt may have had its
 *     effect, because of its readOnlyHint, its idempotentHint or its policy
 * @param exact whether the waits are used unchanged, because the job's caller set them; others get
 *     jitter, so that jobs that failed together are not retried together
 */
public record RetryPolicy(
    int maxAttempts, List<Duration> backoff, boolean repeatable, boolean exact) {
  /** One minute, two, five. */
  public static final List<Duration> DEFAULT_BACKOFF =
      List.of(Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(300));

  /** The most attempts a job may have. */
  public static final int MOST_ATTEMPTS = 100;

  public RetryPolicy {
    backoff = List.copyOf(backoff);
    if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "max attempts must be 1 to " + MOST_ATTEMPTS + ", not " + maxAttempts);
    }
    if (backoff.isEmpty() || backoff.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("backoff needs at least one wait, and none below zero");
    }
  }

  /** A policy whose waits may be spread. */
  public RetryPolicy(int maxAttempts, List<Duration> backoff, boolean repeatable) {
    this(maxAttempts, backoff, repeatable, false);
  }

  /** One attempt, never again: for a tool whose repetition could do harm. */
  public static RetryPolicy once() {
    return new RetryPolicy(1, DEFAULT_BACKOFF, false);
  }

  /**
   * The wait after an attempt that failed.
   *
   * @param attempt the attempt that failed, counted from 1
   */
  public Duration waitAfter(int attempt) {
    return backoff.get(Math.min(Math.max(attempt, 1), backoff.size()) - 1);
  }
}
