package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;

/** What a front door needs besides that holds calls open while their jobs go on. */
public interface HeldOperations {
  /** What identical calls of one caller have in common, whichever front door they came through. */
  String digest(Submission submission);

  /** Whether a repetition of the call may go on with the job of the call before it. */
  default boolean joinable(Submission submission, Job job) {
    return true;
  }

  /**
   * The client of a call that is held open is gone: cancels the job unless its id was handed out or
   * somebody else waits for it.
   */
  void abandon(Caller caller, JobId id);
}
