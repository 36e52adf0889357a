package dev.longhaul.intake;

import dev.longhaul.intake.Calls.InlineListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** No answer is kept and no run is shared. */
final class NothingShared implements SharedCalls {
  @Override
  public Optional<Outcome> kept(Submission submission) {
    return Optional.empty();
  }

  @Override
  public Job submit(Submission submission, Operations jobs, Function<Submission, Job> store) {
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
  public boolean joinable(Submission submission, Job job) {
    return true;
  }
}
