package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.util.Optional;

/** Flows without any batch or chain. */
final class NoFlows implements FlowOperations {
  @Override
  public Optional<Job> begin(Submission submission) {
    return Optional.empty();
  }

  @Override
  public boolean begins(Submission submission) {
    return false;
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    throw new IllegalStateException("no flow " + id);
  }
}
