package dev.longhaul.worker;

import dev.longhaul.catalog.RunningCall;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Carries what a job's tool says to wherever it can be heard. */
final class JobVoice implements RunningCall.Sink {
  private static final Logger log = LoggerFactory.getLogger(JobVoice.class);

  private static final Duration PROGRESS = Duration.ofMillis(200);
  private static final Duration LAST_PROGRESS = Duration.ofSeconds(1);
  private static final Duration PARTIAL = Duration.ofSeconds(2);

  /** In characters; a larger one is kept for the job's end only. */
  private static final int LARGEST_PARTIAL = 1_000_000;

  private final WorkQueue queue;
  private final JobId id;
  private final LatestWriter<Progress> progress;
  private final LatestWriter<Partial> partial;
  private volatile @Nullable RunningCall call;
  private volatile @Nullable JobQuestions questions;

  JobVoice(WorkQueue queue, Claim claim, ScheduledExecutorService timer) {
    this.queue = queue;
    this.id = claim.id();
    this.progress =
        new LatestWriter<>(id, PROGRESS, timer, said -> queue.progress(id, claim.token(), said));
    this.partial =
        new LatestWriter<>(id, PARTIAL, timer, said -> queue.partial(id, claim.token(), said));
  }

  /** Whose voice it is; said before the tool runs. */
  void asks(RunningCall itsCall, JobQuestions itsQuestions) {
    call = itsCall;
    questions = itsQuestions;
  }

  @Override
  public void progress(Progress latest) {
    progress.write(latest);
  }

  /**
   * Waits until the last progress is stored, so that whoever follows the job has it before its
   * result; not for long, because the result matters more.
   */
  void finish() {
    var _ =
        progress
            .finish()
            .thenApply(_ -> true)
            .completeOnTimeout(false, LAST_PROGRESS.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(_ -> false)
            .join();
  }

  @Override
  public void partial(Partial soFar) {
    if (soFar.json().length() <= LARGEST_PARTIAL) {
      partial.write(soFar);
    }
  }

  // Lost lines are not worth a retry: whoever must know a thing has it in the result.
  @Override
  public void log(JobLog said) {
    RunningCall speaking = call;
    if (speaking == null || speaking.client().logLevel() == null) {
      return;
    }
    try {
      var _ = queue.log(id, said);
    } catch (RuntimeException e) {
      log.debug("What job {} said could not be passed on", id, e);
    }
  }

  @Override
  public Optional<List<JsonNode>> ask(List<Question> asked) {
    JobQuestions asking = questions;
    return asking == null ? Optional.empty() : Optional.of(asking.ask(asked));
  }
}
