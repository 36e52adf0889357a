package dev.longhaul.intake;

import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies a caller's job options within the limits of the settings and the tool's policy; a refusal
 * names the setting.
 */
final class OptionLimits {
  private static final int MAX_METADATA = 50;
  private static final int MAX_METADATA_CHARS = 2_000;

  private final IntakeProperties settings;
  private final Clock clock;

  OptionLimits(IntakeProperties settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** How long the job waits before it may start; a time in the past means now. */
  Duration delay(JobOptions.Start asked) {
    if (asked.runAt() == null) {
      return asked.delay() == null
          ? Duration.ZERO
          : within("delay_seconds", asked.delay(), "The delay");
    }
    if (asked.delay() != null) {
      throw new IntakeException(
          new BadRequest(
              "run_at", "run_at and delay_seconds exclude each other; give one of them."));
    }
    if (asked.held()) {
      throw new IntakeException(
          new BadRequest(
              "run_at",
              "A held job cannot have run_at: give delay_seconds, which counts from its start."));
    }
    Duration delay = Duration.between(clock.instant(), asked.runAt());
    return delay.isNegative() ? Duration.ZERO : within("run_at", delay, "The wait until run_at");
  }

  private Duration within(String option, Duration delay, String what) {
    if (delay.isNegative() || delay.compareTo(settings.maxDelay()) > 0) {
      throw new IntakeException(
          new BadRequest(
              option,
              what
                  + " must be between 0 and "
                  + settings.maxDelay().toSeconds()
                  + " s (longhaul.intake.max-delay)."));
    }
    return delay;
  }

  /**
   * How long after the delay attempts may still start.
   *
   * @param delay how long the first attempt is delayed
   */
  Duration retryUntil(JobOptions options, Duration delay) {
    JobOptions.Attempts asked = options.attempts();
    if (asked.deadline() == null && asked.retryUntil() == null) {
      return settings.retryUntil();
    }
    if (asked.deadline() != null && asked.retryUntil() != null) {
      throw new IntakeException(
          new BadRequest(
              "retry_until",
              "retry_until and deadline_seconds exclude each other; give one of them."));
    }
    if (options.start().held() && asked.retryUntil() != null) {
      throw new IntakeException(
          new BadRequest(
              "retry_until",
              "A held job cannot have retry_until: give deadline_seconds, which counts from its start."));
    }
    String option = asked.deadline() != null ? "deadline_seconds" : "retry_until";
    Duration deadline =
        asked.deadline() != null
            ? asked.deadline()
            : Duration.between(clock.instant(), asked.retryUntil());
    Duration left = deadline.minus(delay);
    if (left.isNegative() || left.isZero()) {
      throw new IntakeException(
          new BadRequest(option, "The deadline must be after the time the job may start."));
    }
    if (left.compareTo(settings.maxDeadline()) > 0) {
      throw new IntakeException(
          new BadRequest(
              option,
              "The deadline must be at most "
                  + settings.maxDeadline().toSeconds()
                  + " s after the time the job may start (longhaul.intake.max-deadline)."));
    }
    return left;
  }

  /** The priority: the requested one if that is allowed, else the policy's. */
  Priority priority(JobOptions options, ToolPolicy policy) {
    Priority asked = options.priority();
    if (asked == null) {
      return policy.priority();
    }
    Priority most = settings.mostUrgent();
    if (asked.value() > Math.max(most.value(), policy.priority().value())) {
      throw new IntakeException(
          new BadRequest(
              "priority",
              "priority may be at most "
                  + most.wire()
                  + " (longhaul.intake.max-priority), not "
                  + asked.wire()
                  + "."));
    }
    return asked;
  }

  Duration timeout(JobOptions options, ToolPolicy policy) {
    Duration asked = options.attempts().timeout();
    if (asked == null) {
      return policy.timeout();
    }
    // A tool's own policy may be longer than what callers may ask for.
    Duration most =
        policy.timeout().compareTo(settings.maxTimeout()) > 0
            ? policy.timeout()
            : settings.maxTimeout();
    if (asked.toMillis() < 1 || asked.compareTo(most) > 0) {
      throw new IntakeException(
          new BadRequest(
              "timeout_seconds",
              "The time-out must be more than 0 and at most "
                  + most.toSeconds()
                  + " s (longhaul.intake.max-timeout)."));
    }
    return asked;
  }

  /**
   * The maximum number of attempts and the waits between them.
   *
   * @param resumes whether the queue may start another attempt after a lost one, whatever the
   *     policy says
   */
  RetryPolicy retry(JobOptions.Attempts asked, RetryPolicy policy, boolean resumes) {
    List<Duration> backoff = asked.backoff() == null ? policy.backoff() : asked.backoff();
    for (Duration wait : backoff) {
      var _ = asked.backoff() == null ? wait : within("backoff_seconds", wait, "Each wait");
    }
    return new RetryPolicy(
        attempts(asked.max(), policy),
        backoff,
        policy.repeatable() || resumes,
        asked.backoff() != null);
  }

  private static int attempts(@Nullable Integer asked, RetryPolicy policy) {
    if (asked == null) {
      return policy.maxAttempts();
    }
    if (asked < 1 || asked > RetryPolicy.MOST_ATTEMPTS) {
      throw new IntakeException(
          new BadRequest(
              "max_attempts", "max_attempts must be 1 to " + RetryPolicy.MOST_ATTEMPTS + "."));
    }
    // Only the tool's policy may allow repeated effects; a caller may not.
    if (!policy.repeatable() && asked > policy.maxAttempts()) {
      throw new IntakeException(
          new BadRequest(
              "max_attempts",
              "max_attempts must be at most "
                  + policy.maxAttempts()
                  + ": this tool may not be repeated. If it may, let the operator set"
                  + " longhaul.tools.<name>.repeatable=true."));
    }
    return asked;
  }

  /**
   * The limits on starting the job: the tool's own, or narrower ones if the caller asks for them.
   */
  Limits limits(JobOptions asked, String tool, Limits most) {
    return new Limits(
        concurrency(asked.concurrency(), tool, most.concurrency()),
        rate(asked.rate(), tool, most.toolRate()),
        settings.callerLimit());
  }

  /** Refuses tool limits for a method that calls no tool. */
  void noToolLimits(JobOptions asked, String method) {
    String option =
        asked.concurrency() != null ? "concurrency" : asked.rate() != null ? "rate" : null;
    if (option != null) {
      throw new IntakeException(
          new BadRequest(
              option,
              option + " limits calls of a tool, and " + method + " calls none; leave it out."));
    }
  }

  private static @Nullable Integer concurrency(
      @Nullable Integer asked, String tool, @Nullable Integer most) {
    if (asked == null) {
      return most;
    }
    if (asked < 1 || (most != null && asked > most)) {
      throw new IntakeException(
          new BadRequest(
              "concurrency",
              most == null
                  ? "concurrency must be at least 1."
                  : "concurrency must be 1 to "
                      + most
                      + " (longhaul.tools."
                      + tool
                      + ".concurrency)."));
    }
    return asked;
  }

  private static @Nullable Rate rate(@Nullable Rate asked, String tool, @Nullable Rate most) {
    if (asked != null && most != null && asked.fasterThan(most)) {
      throw new IntakeException(
          new BadRequest(
              "rate",
              "rate must allow no more than "
                  + most
                  + ", neither in the long run nor at once (longhaul.tools."
                  + tool
                  + ".rate)."));
    }
    return asked == null ? most : asked;
  }

  /** The caller's metadata, limited in number and size. */
  Map<String, String> metadata(JobOptions asked) {
    Map<String, String> metadata = asked.metadata();
    int chars =
        metadata.entrySet().stream()
            .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
            .sum();
    if (metadata.size() > MAX_METADATA || chars > MAX_METADATA_CHARS) {
      throw new IntakeException(
          new BadRequest(
              "metadata",
              "metadata may have at most "
                  + MAX_METADATA
                  + " entries and "
                  + MAX_METADATA_CHARS
                  + " characters in all."));
    }
    return metadata;
  }
}
