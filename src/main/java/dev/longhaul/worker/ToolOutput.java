package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.job.Checkpoints;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Stores the progress, partial results and questions of a running job's tool, and publishes its log
 * messages.
 */
final class ToolOutput implements AttemptContext.Sink {
  private static final Logger log = LoggerFactory.getLogger(ToolOutput.class);

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);
  private static final Duration LAST_PROGRESS_LIMIT = Duration.ofSeconds(1);
  private static final Duration PARTIAL_INTERVAL = Duration.ofSeconds(2);

  /** The largest partial result in characters that is stored before the job's end. */
  private static final int MAX_PARTIAL = 1_000_000;

  private final WorkQueue queue;
  private final JobId id;
  private final LatestWriter<Progress> progress;
  private final LatestWriter<Partial> partial;
  private CompletableFuture<Boolean> lastLog = CompletableFuture.completedFuture(true);
  private volatile @Nullable AttemptContext call;
  private volatile @Nullable JobQuestions questions;

  ToolOutput(WorkQueue queue, Claim claim, ScheduledExecutorService timer) {
    this.queue = queue;
    this.id = claim.id();
    this.progress =
        new LatestWriter<>(
            id,
            PROGRESS_INTERVAL,
            timer,
            value -> queue.progress(id, claim.token(), value, checkpoints()));
    this.partial =
        new LatestWriter<>(
            id, PARTIAL_INTERVAL, timer, value -> queue.partial(id, claim.token(), value));
  }

  /** Sets the call and its questions; called before the tool runs. */
  void asks(AttemptContext itsCall, JobQuestions itsQuestions) {
    call = itsCall;
    questions = itsQuestions;
  }

  private Checkpoints checkpoints() {
    AttemptContext reporting = call;
    return reporting == null ? Checkpoints.NONE : reporting.checkpoints();
  }

  @Override
  public void progress(Progress latest) {
    progress.write(latest);
  }

  /**
   * Waits for a short time until the last progress is stored and the last log message published, so
   * that clients get them before the result.
   */
  void finish() {
    var _ =
        CompletableFuture.allOf(progress.finish(), lastLog())
            .thenApply(_ -> true)
            .completeOnTimeout(false, LAST_PROGRESS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(_ -> false)
            .join();
  }

  @Override
  public void partial(Partial soFar) {
    if (soFar.json().length() <= MAX_PARTIAL) {
      partial.write(soFar);
    }
  }

  // Not retried: log messages may be lost.
  @Override
  public void log(JobLog said) {
    AttemptContext speaking = call;
    if (speaking == null || speaking.client().logLevel() == null) {
      return;
    }
    try {
      publish(said);
    } catch (RuntimeException e) {
      log.debug("A log message of job {} could not be published", id, e);
    }
  }

  // One at a time, so that the last one is also the last whose reply comes.
  private synchronized void publish(JobLog said) {
    lastLog = queue.log(id, said);
  }

  private synchronized CompletableFuture<Boolean> lastLog() {
    return lastLog;
  }

  @Override
  public Optional<List<JsonNode>> ask(List<Question> asked) {
    JobQuestions asking = questions;
    return asking == null ? Optional.empty() : Optional.of(asking.ask(asked));
  }
}
