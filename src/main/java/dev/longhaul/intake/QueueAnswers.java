package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Translates results and exceptions of the queue into what a caller may see. */
public final class QueueAnswers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private QueueAnswers() {}

  /** The job if it is the caller's; otherwise it is unknown. */
  static Job owned(Caller caller, Optional<Job> job, JobId id) {
    return job.filter(found -> found.owner().equals(caller.owner()))
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownJob(id.value())));
  }

  /** Runs an operation of the queue and translates its exceptions. */
  public static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (QueueFullException e) {
      throw new IntakeException(
          new Refusal.QueueFull(String.valueOf(e.getMessage()), e.retryAfter()), e);
    } catch (QueueDrainingException e) {
      throw new IntakeException(new Refusal.QueueDraining(String.valueOf(e.getMessage())), e);
    } catch (IdempotencyConflictException e) {
      throw new IntakeException(
          new Refusal.IdempotencyConflict(String.valueOf(e.getMessage()), e.known()), e);
    } catch (QueueUnavailableException e) {
      throw unavailable(e);
    }
  }

  /** The exception that a caller gets when the store is unavailable. */
  public static IntakeException unavailable(QueueUnavailableException e) {
    return new IntakeException(
        new Refusal.Unavailable(
            "The job store cannot be reached at the moment; trying again in "
                + RETRY_AFTER.toSeconds()
                + " s is safe."),
        e);
  }
}
