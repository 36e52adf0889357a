package dev.longhaul.intake;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Limits;
import dev.longhaul.tool.Execution;

/**
 * Decides whether a call of a tool with execution {@code auto} runs inline or as a job, without
 * reading the queue.
 */
final class AutoExecution {
  private final AutoProperties limits;
  private final RunTimes times;
  private final CanonicalCall canonical;

  AutoExecution(AutoProperties limits, RunTimes times, CanonicalCall canonical) {
    this.limits = limits;
    this.times = times;
    this.canonical = canonical;
  }

  /** {@link Execution#INLINE} or {@link Execution#QUEUED}. */
  Execution of(Submission submission, Tool tool) {
    boolean job =
        wantsJob(submission.options())
            || limited(tool.policy())
            || times.usual(tool).compareTo(limits.averageTime()) > 0
            || canonical.argumentBytes(submission.params()) > limits.argumentSize().toBytes();
    return job ? Execution.QUEUED : Execution.INLINE;
  }

  // Concurrency slots and rates are enforced by the queue.
  private static boolean limited(ToolPolicy policy) {
    return !policy.limits().equals(Limits.NONE);
  }

  /** Whether an option of the call needs a job, or has no effect inline. */
  private static boolean wantsJob(JobOptions asked) {
    return asked.start().held()
        || asked.queue() != null
        || asked.start().runAt() != null
        || (asked.start().delay() != null && !asked.start().delay().isZero())
        || asked.idempotencyKey() != null
        || asked.attempts().deadline() != null
        || asked.attempts().retryUntil() != null
        || asked.attempts().max() != null
        || asked.attempts().backoff() != null
        || asked.concurrency() != null
        || asked.rate() != null
        || asked.callbackUrl() != null
        || !asked.channels().isEmpty();
  }
}
