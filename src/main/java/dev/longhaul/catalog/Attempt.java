package dev.longhaul.catalog;

import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of one attempt, before a retry is decided. */
public sealed interface Attempt {

  /** The tool returned a result or refused the call. */
  record Ended(Outcome outcome) implements Attempt {}

  /**
   * The tool threw an exception.
   *
   * @param retryable whether the exception allows a retry
   * @param after the delay before the next attempt, or null for the backoff
   * @param begun false if the tool could not begin, so that no attempt is used
   */
  record Failed(JobError error, boolean retryable, @Nullable Duration after, boolean begun)
      implements Attempt {

    /** A failure of a tool that had begun. */
    public Failed(JobError error, boolean retryable, @Nullable Duration after) {
      this(error, retryable, after, true);
    }

    /** A failure whose retry waits for the backoff. */
    public Failed(JobError error, boolean retryable) {
      this(error, retryable, null);
    }
  }

  /**
   * The tool asked questions that only a new request can answer, and has to run again with the
   * answers.
   *
   * @param questions all with keys
   */
  record NeedsInput(List<Question> questions) implements Attempt {}

  /** The tool stopped because it was asked to. */
  record Stopped() implements Attempt {}
}
