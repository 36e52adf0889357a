package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.CallIntake.InlineListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A cache that stores no result and shares no run. */
final class NoCallCache implements CallCache {
  @Override
  public Optional<Outcome> cached(Submission submission) {
    return Optional.empty();
  }

  @Override
  public Job submit(Submission submission, Function<Submission, Job> store) {
    return store.apply(submission);
  }

  @Override
  public Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run) {
    return run.apply(listener);
  }

  @Override
  public Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run) {
    return run.apply(listener);
  }

  @Override
  public boolean caches(Submission submission) {
    return false;
  }

  @Override
  public boolean joinable(Submission submission, Job job) {
    return true;
  }

  @Override
  public void ended(JobId id, JobHeaders headers, Outcome outcome) {}
}
