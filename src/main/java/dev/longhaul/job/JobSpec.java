package dev.longhaul.job;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a job that never changes, shared by the request, the job and a worker's claim.
 *
 * @param method the MCP method, such as {@code tools/call}
 * @param tool the tool's name, or null for a method that calls none
 * @param owner who may see the job
 * @param queue the named queue
 * @param priority how urgent it is
 * @param timeout how long one attempt may run
 * @param retry attempts, backoff, and whether the tool may be repeated
 * @param metadata the caller's data, returned with the job and never interpreted
 */
public record JobSpec(
    String method,
    @Nullable String tool,
    String owner,
    String queue,
    Priority priority,
    Duration timeout,
    RetryPolicy retry,
    Map<String, String> metadata) {

  public JobSpec {
    metadata = Map.copyOf(metadata);
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative");
    }
  }

  /** This specification in another queue. */
  public JobSpec in(String other) {
    return new JobSpec(method, tool, owner, other, priority, timeout, retry, metadata);
  }

  /** An object with a specification, whose values it makes accessible directly. */
  public interface Specified {
    JobSpec spec();

    default String method() {
      return spec().method();
    }

    default @Nullable String tool() {
      return spec().tool();
    }

    default String owner() {
      return spec().owner();
    }

    default String queue() {
      return spec().queue();
    }

    default Priority priority() {
      return spec().priority();
    }

    default Duration timeout() {
      return spec().timeout();
    }

    default RetryPolicy retry() {
      return spec().retry();
    }

    default Map<String, String> metadata() {
      return spec().metadata();
    }
  }
}
