package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.util.Optional;

/** Batches and chains as the jobs that the calls of {@code run_batch} and {@code run_chain} are. */
public interface FlowOperations {

  /** Stores what a call asks for; empty if it is a call of another tool. */
  Optional<Job> begin(Submission submission);

  /** How it ended, with its first results; it must have ended. */
  Outcome outcome(Caller caller, JobId id);
}
