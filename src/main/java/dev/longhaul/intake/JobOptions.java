package dev.longhaul.intake;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a caller wants its call to run. For options that are null, the tool's policy and the settings
 * apply.
 *
 * @param queue the queue in which it waits; a worker pool must serve it
 * @param idempotencyKey a repeated submission by the same caller with the same key returns the same
 *     job
 * @param concurrency the job starts only while fewer calls of the tool than this run; at most the
 *     tool's own limit
 * @param rate the job starts only while the tool is called less often than this; at most the tool's
 *     own rate
 * @param noCache run the tool even if a result is cached
 * @param metadata returned with the job; never interpreted
 * @param callbackUrl the webhook that is notified of its end
 * @param channels the names of further notification channels
 */
public record JobOptions(
    @Nullable Priority priority,
    @Nullable String queue,
    @JsonUnwrapped Start start,
    @JsonUnwrapped Attempts attempts,
    @Nullable String idempotencyKey,
    @Nullable Integer concurrency,
    @Nullable Rate rate,
    boolean noCache,
    @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, String> metadata,
    @Nullable String callbackUrl,
    @JsonProperty(NOTIFY) @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> channels) {
  /** The name of the callback URL in requests. */
  public static final String CALLBACK_URL = "callback_url";

  /** The name of the list of notification channels in requests. */
  public static final String NOTIFY = "notify";

  /** No options: policy and settings apply. */
  public static final JobOptions NONE = builder().build();

  public JobOptions {
    metadata = Map.copyOf(metadata);
    channels = List.copyOf(channels);
  }

  /**
   * When the job may start.
   *
   * @param held store it now, and start it when its owner requests it
   * @param delay how long it waits before it may start, counted from its submission or, if held,
   *     from its release
   * @param runAt when it may start, instead of a delay; a time in the past means now
   */
  public record Start(
      boolean held,
      @JsonProperty("delay_seconds") @Nullable Duration delay,
      @Nullable Instant runAt) {}

  /**
   * How often and for how long the job is attempted.
   *
   * @param timeout how long one attempt may run
   * @param deadline how long the job may take, counted like {@code delay}; then it fails, even
   *     while it runs
   * @param retryUntil the end of that time, instead of a deadline
   * @param max the maximum number of attempts
   * @param backoff the waits between attempts; the last one repeats
   */
  public record Attempts(
      @JsonProperty("timeout_seconds") @Nullable Duration timeout,
      @JsonProperty("deadline_seconds") @Nullable Duration deadline,
      @Nullable Instant retryUntil,
      @JsonProperty("max_attempts") @Nullable Integer max,
      @JsonProperty("backoff_seconds") @Nullable List<Duration> backoff) {

    public Attempts {
      backoff = backoff == null ? null : List.copyOf(backoff);
    }
  }

  /** The same options, but without using a cached result. */
  public JobOptions anew() {
    return copy(idempotencyKey, true);
  }

  /** The same options with an idempotency key. */
  public JobOptions keyed(String key) {
    return copy(key, noCache);
  }

  private JobOptions copy(@Nullable String key, boolean withoutCache) {
    return new JobOptions(
        priority,
        queue,
        start,
        attempts,
        key,
        concurrency,
        rate,
        withoutCache,
        metadata,
        callbackUrl,
        channels);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; for those not set, the policy applies. */
  public static final class Builder {
    private @Nullable Priority priority;
    private @Nullable String queue;
    private boolean held;
    private @Nullable Duration delay;
    private @Nullable Instant runAt;
    private @Nullable Duration timeout;
    private @Nullable Duration deadline;
    private @Nullable Instant retryUntil;
    private @Nullable Integer maxAttempts;
    private @Nullable List<Duration> backoff;
    private @Nullable String idempotencyKey;
    private @Nullable Integer concurrency;
    private @Nullable Rate rate;
    private boolean noCache;
    private Map<String, String> metadata = Map.of();
    private @Nullable String callbackUrl;
    private List<String> channels = List.of();

    private Builder() {}

    public Builder priority(@Nullable Priority value) {
      priority = value;
      return this;
    }

    public Builder queue(@Nullable String value) {
      queue = value;
      return this;
    }

    public Builder held(boolean value) {
      held = value;
      return this;
    }

    public Builder delay(@Nullable Duration value) {
      delay = value;
      return this;
    }

    public Builder runAt(@Nullable Instant value) {
      runAt = value;
      return this;
    }

    public Builder timeout(@Nullable Duration value) {
      timeout = value;
      return this;
    }

    public Builder deadline(@Nullable Duration value) {
      deadline = value;
      return this;
    }

    public Builder retryUntil(@Nullable Instant value) {
      retryUntil = value;
      return this;
    }

    public Builder maxAttempts(@Nullable Integer value) {
      maxAttempts = value;
      return this;
    }

    public Builder backoff(@Nullable List<Duration> value) {
      backoff = value;
      return this;
    }

    public Builder idempotencyKey(@Nullable String value) {
      idempotencyKey = value;
      return this;
    }

    public Builder concurrency(@Nullable Integer value) {
      concurrency = value;
      return this;
    }

    public Builder rate(@Nullable Rate value) {
      rate = value;
      return this;
    }

    public Builder noCache(boolean value) {
      noCache = value;
      return this;
    }

    public Builder metadata(Map<String, String> value) {
      metadata = value;
      return this;
    }

    public Builder callbackUrl(@Nullable String value) {
      callbackUrl = value;
      return this;
    }

    public Builder channels(List<String> value) {
      channels = value;
      return this;
    }

    public JobOptions build() {
      return new JobOptions(
          priority,
          queue,
          new Start(held, delay, runAt),
          new Attempts(timeout, deadline, retryUntil, maxAttempts, backoff),
          idempotencyKey,
          concurrency,
          rate,
          noCache,
          metadata,
          callbackUrl,
          channels);
    }
  }
}
