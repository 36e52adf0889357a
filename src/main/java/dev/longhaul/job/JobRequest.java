package dev.longhaul.job;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job to be stored, with everything that is decided before.
 *
 * @param params the method's {@code params} as JSON; for tools/call {@code name} and {@code
 *     arguments}
 * @param delay how long it waits before it may start; zero for at once
 * @param held whether it is stored now and started later by its owner
 * @param retryUntil how long after submission another attempt may still start
 * @param options its key, limits, place in a batch or chain, and who is told of its end
 */
public record JobRequest(
    JobSpec spec, String params, Duration delay, boolean held, Duration retryUntil, Options options)
    implements JobSpec.Specified {

  /**
   * What only some jobs have.
   *
   * @param idempotency under which the job is found again instead of stored twice, or null
   * @param limits what may hold it back
   * @param flow its place in a batch or chain, or null
   * @param notification who is told of its end, or null for nobody
   * @param deadline whether {@code retryUntil} is its caller's own, and so bounds every attempt:
   *     the first one too, and one that runs
   * @param headers what goes with it beside the params, as a JSON object; its worker gets it back
   */
  public record Options(
      @Nullable IdempotencyKey idempotency,
      Limits limits,
      @Nullable FlowRef flow,
      @Nullable NotificationPlan notification,
      boolean deadline,
      String headers) {
    public static final Options NONE = new Options(null, Limits.NONE, null, null, false, "{}");
  }

  public JobRequest {
    if (delay.isNegative() || spec.timeout().isZero()) {
      throw new IllegalArgumentException("delay must not be negative and timeout must be positive");
    }
  }

  /** A job of its own, without limits. */
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

  /** Under which the job is found again instead of stored twice, or null. */
  public @Nullable IdempotencyKey idempotency() {
    return options.idempotency();
  }

  /** What may hold it back. */
  public Limits limits() {
    return options.limits();
  }

  /** Its place in a batch or chain, or null. */
  public @Nullable FlowRef flow() {
    return options.flow();
  }

  /** Who is told of its end, or null for nobody. */
  public @Nullable NotificationPlan notification() {
    return options.notification();
  }

  /** Whether {@link #retryUntil} bounds every attempt, also the first one and one that runs. */
  public boolean deadline() {
    return options.deadline();
  }

  /** What goes with it beside the params, as a JSON object. */
  public String headers() {
    return options.headers();
  }

  /** The same work with headers. */
  public JobRequest headed(String other) {
    return with(
        held, new Options(idempotency(), limits(), flow(), notification(), deadline(), other));
  }

  /** The same work, whose caller gave the deadline or not. */
  public JobRequest within(boolean deadline) {
    return with(
        held, new Options(idempotency(), limits(), flow(), notification(), deadline, headers()));
  }

  /** The same work, of whose end somebody is told. */
  public JobRequest notifying(@Nullable NotificationPlan plan) {
    return with(held, new Options(idempotency(), limits(), flow(), plan, deadline(), headers()));
  }

  /** The same work under a key. */
  public JobRequest keyed(@Nullable IdempotencyKey key) {
    return with(held, new Options(key, limits(), flow(), notification(), deadline(), headers()));
  }

  /** The same work within limits. */
  public JobRequest limited(Limits within) {
    return with(
        held, new Options(idempotency(), within, flow(), notification(), deadline(), headers()));
  }

  /** The same work, started later by its owner. */
  public JobRequest heldBack() {
    return with(
        true, new Options(idempotency(), limits(), flow(), notification(), deadline(), headers()));
  }

  /** The same work as a child of a batch or chain. */
  public JobRequest inFlow(FlowRef place, boolean heldForIt) {
    return with(
        heldForIt,
        new Options(idempotency(), limits(), place, notification(), deadline(), headers()));
  }

  /** The same work in another queue. */
  public JobRequest in(String otherQueue) {
    return new JobRequest(spec.in(otherQueue), params, delay, held, retryUntil, options);
  }

  private JobRequest with(boolean holding, Options other) {
    return new JobRequest(spec, params, delay, holding, retryUntil, other);
  }
}
