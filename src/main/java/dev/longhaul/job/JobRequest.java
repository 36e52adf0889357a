package dev.longhaul.job;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job to be stored, with all its options.
 *
 * @param params the method's {@code params} as JSON; for tools/call {@code name} and {@code
 *     arguments}
 * @param delay how long it waits before it may start; zero for at once
 * @param held whether it is stored now and started later by its owner
 * @param retryUntil how long after submission another attempt may still start
 * @param options its key, limits, place in a batch or chain, and notifications
 */
public record JobRequest(
    JobSpec spec, String params, Duration delay, boolean held, Duration retryUntil, Options options)
    implements JobSpec.Specified {

  /**
   * Options that only some jobs have.
   *
   * @param idempotency the key that prevents storing it twice, or null
   * @param limits the limits that may hold it back
   * @param flow its place in a batch or chain, or null
   * @param notification the channels that are notified of its end, or null for none
   * @param deadline whether {@code retryUntil} is the caller's deadline, which limits every
   *     attempt: also the first one and one that runs
   * @param headers further data for its worker besides the params, as a JSON object
   * @param internal whether it is work of Longhaul's own, which does not wait among its owner's
   *     jobs
   */
  public record Options(
      @Nullable IdempotencyKey idempotency,
      Limits limits,
      @Nullable FlowRef flow,
      @Nullable NotificationPlan notification,
      boolean deadline,
      String headers,
      boolean internal) {
    public static final Options NONE =
        new Options(null, Limits.NONE, null, null, false, "{}", false);
  }

  public JobRequest {
    if (delay.isNegative() || spec.timeout().isZero()) {
      throw new IllegalArgumentException("delay must not be negative and timeout must be positive");
    }
  }

  /** A job without options. */
  public JobRequest(
      String method,
      @Nullable String tool,
      String params,
      String owner,
      String queue,
      Priority priority,
      Duration delay,
      boolean held,
      Duration timeout,
      Duration retryUntil,
      RetryPolicy retry,
      Map<String, String> metadata) {
    this(
        new JobSpec(method, tool, owner, queue, priority, timeout, retry, metadata),
        params,
        delay,
        held,
        retryUntil,
        Options.NONE);
  }

  /** The key that prevents storing it twice, or null. */
  public @Nullable IdempotencyKey idempotency() {
    return options.idempotency();
  }

  /** The limits that may hold it back. */
  public Limits limits() {
    return options.limits();
  }

  /** Its place in a batch or chain, or null. */
  public @Nullable FlowRef flow() {
    return options.flow();
  }

  /** The channels that are notified of its end, or null for none. */
  public @Nullable NotificationPlan notification() {
    return options.notification();
  }

  /** Whether {@link #retryUntil} limits every attempt, also the first one and one that runs. */
  public boolean deadline() {
    return options.deadline();
  }

  /** Further data for its worker besides the params, as a JSON object. */
  public String headers() {
    return options.headers();
  }

  /** Whether it is work of Longhaul's own, such as a delivery. */
  public boolean internal() {
    return options.internal();
  }

  /** This request as work of Longhaul's own. */
  public JobRequest asInternal() {
    return with(
        held,
        new Options(idempotency(), limits(), flow(), notification(), deadline(), headers(), true));
  }

  /** This request with headers. */
  public JobRequest headed(String other) {
    return with(
        held,
        new Options(
            idempotency(), limits(), flow(), notification(), deadline(), other, internal()));
  }

  /** This request, with or without a caller's deadline. */
  public JobRequest within(boolean deadline) {
    return with(
        held,
        new Options(
            idempotency(), limits(), flow(), notification(), deadline, headers(), internal()));
  }

  /** This request with notifications of its end. */
  public JobRequest notifying(@Nullable NotificationPlan plan) {
    return with(
        held,
        new Options(idempotency(), limits(), flow(), plan, deadline(), headers(), internal()));
  }

  /** This request with an idempotency key. */
  public JobRequest keyed(@Nullable IdempotencyKey key) {
    return with(
        held,
        new Options(key, limits(), flow(), notification(), deadline(), headers(), internal()));
  }

  /** This request with limits. */
  public JobRequest limited(Limits within) {
    return with(
        held,
        new Options(
            idempotency(), within, flow(), notification(), deadline(), headers(), internal()));
  }

  /** This request as a held job, to be started later by its owner. */
  public JobRequest heldBack() {
    return with(
        true,
        new Options(
            idempotency(), limits(), flow(), notification(), deadline(), headers(), internal()));
  }

  /** This request as a child of a batch or chain. */
  public JobRequest inFlow(FlowRef place, boolean heldForIt) {
    return with(
        heldForIt,
        new Options(
            idempotency(), limits(), place, notification(), deadline(), headers(), internal()));
  }

  /** This request in another queue. */
  public JobRequest in(String otherQueue) {
    return new JobRequest(spec.in(otherQueue), params, delay, held, retryUntil, options);
  }

  private JobRequest with(boolean holding, Options other) {
    return new JobRequest(spec, params, delay, holding, retryUntil, other);
  }
}
