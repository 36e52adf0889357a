package dev.longhaul.intake;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Limits;
import dev.longhaul.tool.Execution;

/** Decides where a call of a tool with execution {@code auto} runs, without asking anybody. */
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

  // Slots and rates are counted in the queue.
  private static boolean limited(ToolPolicy policy) {
    return !policy.limits().equals(Limits.NONE);
  }

  /** Whether the call asks for what an inline call cannot have, or would not get. */
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
