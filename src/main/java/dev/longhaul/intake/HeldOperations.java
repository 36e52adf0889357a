package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;

/** Further operations for a front door that holds calls open while their jobs run. */
public interface HeldOperations {
  /** A digest that is equal for identical calls of one caller, through any front door. */
  String digest(Submission submission);

  /** Whether a repeated call may join the job of the earlier one. */
  default boolean joinable(Submission submission, Job job) {
    return true;
  }

  /**
   * Called when the client of a held call has disconnected. Cancels the job unless its id was sent
   * to a client or another request waits for it.
   */
  void abandon(Caller caller, JobId id);
}
