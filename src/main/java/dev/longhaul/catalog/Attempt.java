package dev.longhaul.catalog;

import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one run of a tool ended, before anyone decides whether it is tried again. */
public sealed interface Attempt {

  /** The tool answered, or refused the call for good. */
  record Ended(Outcome outcome) implements Attempt {}

  /**
   * The tool threw.
   *
   * @param retryable whether another attempt could help, as far as the exception says
   * @param after how long the next attempt should wait, or null for its backoff
   */
  record Failed(JobError error, boolean retryable, @Nullable Duration after) implements Attempt {

    /** One whose next attempt waits for its backoff. */
    public Failed(JobError error, boolean retryable) {
      this(error, retryable, null);
    }
  }

  /**
   * The tool asked what only a new request can answer; it is to be run again with the answers.
   *
   * @param questions all with keys
   */
  record NeedsInput(List<Question> questions) implements Attempt {}

  /** The tool left because it was asked to stop. */
  record Stopped() implements Attempt {}
}
