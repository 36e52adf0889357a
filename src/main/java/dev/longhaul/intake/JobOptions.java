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
 * How a caller wants its call to run. Everything that is null is decided by the tool's policy and
 * the settings.
 *
 * @param queue the named queue it waits in: one that a worker's pool serves
 * @param idempotencyKey under which the same caller gets the same job again
 * @param concurrency how many calls of the tool may run at once for this one to start; no more than
 *     the tool allows
 * @param rate how often the tool may be called for this one to start; no faster than the tool
 *     allows
 * @param noCache run the tool although a result of it may be cached
 * @param metadata what the caller wants back with the job; never interpreted
 * @param callbackUrl whom to tell over HTTP when it has ended
 * @param channels the names of further channels that tell of its end
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
  /** The name of the URL that is told of the end, in requests. */
  public static final String CALLBACK_URL = "callback_url";

  /** The name of the list of further channels, in requests. */
  public static final String NOTIFY = "notify";

  /** All by policy. */
  public static final JobOptions NONE = builder().build();

  public JobOptions {
    metadata = Map.copyOf(metadata);
    channels = List.copyOf(channels);
  }

  /**
   * When it may start.
   *
   * @param held store it now, start it when its owner says so
   * @param delay how long it waits before it may start, from submission or, if held, from its start
   * @param runAt when it may start instead; in the past means now
   */
  public record Start(
      boolean held,
      @JsonProperty("delay_seconds") @Nullable Duration delay,
      @Nullable Instant runAt) {}

  /**
   * How often and how long it is tried.
   *
   * @param timeout how long one attempt may run
   * @param deadline how long the job may take, counted as {@code delay} is; then it ends as failed,
   *     whatever it waits for and also while it runs
   * @param retryUntil until when the job may take instead
   * @param max how many attempts may start
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

  /** The same, although a result may be cached. */
  public JobOptions anew() {
    return copy(idempotencyKey, true);
  }

  /** The same under a key. */
  public JobOptions keyed(String key) {
    return copy(key, noCache);
  }

  private JobOptions copy(@Nullable String key, boolean anew) {
    return new JobOptions(
        priority,
        queue,
        start,
        attempts,
        key,
        concurrency,
        rate,
        anew,
        metadata,
        callbackUrl,
        channels);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; what is not set stays with the policy. */
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
