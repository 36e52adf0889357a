package dev.longhaul.queue;

import dev.longhaul.job.JobState;
import java.util.Locale;

/** The state of a batch or chain. The lower-case names are the wire and the stored names. */
public enum FlowState {
  /** Its children are being stored; none of them runs. */
  STAGING,
  /** Sealed, and not every child has ended. */
  RUNNING,
  /** Every child completed; or ended, if failures are allowed. */
  COMPLETED,
  /** A child failed, and failures are not allowed. */
  FAILED,
  /** It was cancelled, or not sealed in time, or one of its children was cancelled. */
  CANCELLED;

  /** The state of the job as which it is shown. */
  JobState job() {
    return switch (this) {
      case STAGING -> JobState.QUEUED;
      case RUNNING -> JobState.RUNNING;
      case COMPLETED -> JobState.COMPLETED;
      case FAILED -> JobState.FAILED;
      case CANCELLED -> JobState.CANCELLED;
    };
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
