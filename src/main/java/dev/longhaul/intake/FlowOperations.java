package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.util.Optional;

/** Presents a batch or chain as the job of its {@code run_batch} or {@code run_chain} call. */
public interface FlowOperations {

  /** Stores the batch or chain of a call; empty if the call is of another tool. */
  Optional<Job> begin(Submission submission);

  /** Whether a call begins a batch or chain. */
  boolean begins(Submission submission);

  /** The outcome of a batch or chain that has ended, with its first results. */
  Outcome outcome(Caller caller, JobId id);
}
