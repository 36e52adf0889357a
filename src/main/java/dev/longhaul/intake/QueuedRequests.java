package dev.longhaul.intake;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.RemoteCalls;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.JobWatch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs requests in other processes, as internal jobs that are deleted when they have ended. */
final class QueuedRequests implements RemoteCalls {
  private static final Logger log = LoggerFactory.getLogger(QueuedRequests.class);

  /** They only read, so they may run again when a worker is lost. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(3, List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)), true);

  private final JobQueue queue;
  private final Duration pollInterval;
  private final Clock clock;
  private final JsonMapper json;

  /**
   * @param pollInterval how often a job is looked at without a hint
   */
  QueuedRequests(JobQueue queue, Duration pollInterval, Clock clock, JsonMapper json) {
    this.queue = queue;
    this.pollInterval = pollInterval;
    this.clock = clock;
    this.json = json;
  }

  @Override
  public ObjectNode call(String named, String method, ObjectNode params, CallContext context)
      throws InterruptedException {
    JobId id = queue.submit(request(named, method, params, context), true).id();
    try {
      return result(method, new Following(id, context).await());
    } finally {
      forget(id);
    }
  }

  private JobRequest request(String named, String method, ObjectNode params, CallContext context) {
    Duration left = Duration.between(clock.instant(), context.deadline());
    Duration timeout = left.isPositive() ? left : Duration.ofMillis(1);
    return new JobRequest(
            method,
            null,
            json.writeValueAsString(params),
            context.caller(),
            named,
            Priority.URGENT,
            Duration.ZERO,
            false,
            timeout,
            timeout,
            RETRY,
            Map.of())
        .headed(JobHeaders.of(context.client()).within(context.request()).json())
        .asInternal();
  }

  private ObjectNode result(String method, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> (ObjectNode) json.readTree(answered.json());
      case Outcome.Refused refused ->
          throw new ToolRefusedException(
              refused.code(),
              refused.message(),
              refused.dataJson() == null ? null : json.readTree(refused.dataJson()));
      case Outcome.Failed failed -> throw new IllegalStateException(failed.error().message());
      case Outcome.GivenUp givenUp -> throw new IllegalStateException(givenUp.error().message());
      case Outcome.Cancelled _ -> throw new IllegalStateException(method + " was cancelled.");
    };
  }

  // Also ends it, if nobody waits for it any more.
  private void forget(JobId id) {
    boolean interrupted = Thread.interrupted();
    try {
      var _ = queue.delete(id, true);
    } catch (QueueUnavailableException e) {
      log.debug("The job {} of a request could not be deleted; it ends by itself", id, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for the end of a job, and passes on what it reports and asks. */
  private final class Following implements JobQueue.Watcher {
    private final JobId id;
    private final CallContext context;
    private final Semaphore hints = new Semaphore(0);
    private final Queue<JobLog> logs = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Outcome> told = new AtomicReference<>();
    private final Set<String> asked = new HashSet<>();
    private Progress last = Progress.NONE;

    Following(JobId id, CallContext context) {
      this.id = id;
      this.context = context;
    }

    @Override
    public void changed() {
      hints.release();
    }

    @Override
    public void ended(Job job, Outcome outcome) {
      told.set(outcome);
      hints.release();
    }

    @Override
    public void logged(JobLog message) {
      if (logs.size() < MAX_LOGS) {
        logs.add(message);
      }
      hints.release();
    }

    Outcome await() throws InterruptedException {
      try (JobWatch watch = queue.watch(id, this)) {
        Optional<Job> job = watch.job();
        while (true) {
          tellLogs();
          Outcome end = told.get();
          if (end == null && job.map(found -> found.state().terminal()).orElse(true)) {
            end =
                queue
                    .outcome(id)
                    .orElseThrow(
                        () -> new IllegalStateException("The job of this request is gone."));
          }
          if (end != null) {
            return end;
          }
          tell(job.orElseThrow());
          var _ = hints.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS);
          hints.drainPermits();
          job = told.get() == null ? queue.find(id) : job;
        }
      }
    }

    private void tellLogs() {
      for (JobLog message = logs.poll(); message != null; message = logs.poll()) {
        context.log(message.level(), message.logger(), json.readTree(message.data()));
      }
    }

    private void tell(Job job) {
      Progress progress = job.progress();
      if (!progress.equals(last)) {
        last = progress;
        Double fraction = progress.fraction();
        context.progress(fraction == null ? 0 : fraction, progress.message());
      }
      if (job.questions() > 0) {
        ask();
      }
    }

    private void ask() {
      List<OpenQuestion> open =
          queue.questions(id).stream().filter(each -> !asked.contains(each.key())).toList();
      if (open.isEmpty()) {
        return;
      }
      open.forEach(each -> asked.add(each.key()));
      List<JsonNode> answers =
          context.ask(
              open.stream()
                  .map(each ->
                      new Question(
                          each.key(), each.method(), (ObjectNode) json.readTree(each.params())))
                  .toList());
      Map<String, String> byKey = new HashMap<>();
      for (int i = 0; i < answers.size(); i++) {
        byKey.put(open.get(i).key(), json.writeValueAsString(answers.get(i)));
      }
      var _ = queue.answer(id, byKey);
    }
  }
}
