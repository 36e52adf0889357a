package dev.longhaul.ops;

import dev.longhaul.intake.cache.JobAnswers;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.worker.JobListener;
import java.time.Duration;

/**
 * Passes the answers of jobs on to the cache: the one place that knows workers as well as the way
 * in.
 */
record KeptJobAnswers(JobAnswers answers) implements JobListener {
  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    answers.ended(claim, outcome);
  }
}
