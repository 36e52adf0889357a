package dev.longhaul.intake;

import static dev.longhaul.intake.QueueAnswers.owned;
import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.catalog.AnswerCheck;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.JobQueue.DeleteAnswer;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Listeners;
import dev.longhaul.tool.Execution;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Implements {@link Intake} on the queue. */
final class QueueIntake implements Intake, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueIntake.class);

  /** The least progress from which an end is extrapolated. */
  private static final double LEAST_FRACTION = 0.001;

  private final JobQueue queue;
  private final Admission admission;
  private final InlineCalls inline;
  private final JobFollowers followers;
  private final FlowOperations flows;
  private final DelegatedCalls delegated;
  private final CallCache cache;
  private final RunTimes times;
  private final AutoExecution auto;
  private final Clock clock;
  private final JsonMapper json;
  private final Listeners<IntakeListener> listeners;

  QueueIntake(
      JobQueue queue,
      Admission admission,
      InlineCalls inline,
      JobFollowers followers,
      FlowOperations flows,
      DelegatedCalls delegated,
      CallCache cache,
      RunTimes times,
      AutoExecution auto,
      Clock clock,
      JsonMapper json,
      Listeners<IntakeListener> listeners) {
    this.queue = queue;
    this.admission = admission;
    this.inline = inline;
    this.followers = followers;
    this.flows = flows;
    this.delegated = delegated;
    this.cache = cache;
    this.times = times;
    this.auto = auto;
    this.clock = clock;
    this.json = json;
    this.listeners = listeners;
  }

  @Override
  public Job submit(Submission submission, boolean awaited) {
    return flows
        .begin(submission)
        .orElseGet(() -> cache.submit(submission, given -> store(given, awaited)));
  }

  @Override
  public Optional<Job> submitUnlessHeld(Submission submission) {
    return flows.begins(submission) || cache.caches(submission)
        ? Optional.empty()
        : store(
            submission, (tidy, request) -> queue.submitUnlessHeld(request, admission.digest(tidy)));
  }

  private Job store(Submission given, boolean awaited) {
    return store(given, (_, request) -> Optional.of(queue.submit(request, awaited))).orElseThrow();
  }

  private Optional<Job> store(
      Submission given, BiFunction<Submission, JobRequest, Optional<Job>> queued) {
    try {
      Submission submission = admission.tidy(given);
      Tool tool = admission.admit(submission);
      JobRequest request = admission.request(submission, tool);
      long before = clock.millis();
      Optional<Job> job =
          tool.handler().delegates()
              ? Optional.of(delegated.store(tool.id(), request))
              : translated(() -> queued.apply(submission, request));
      // An id contains its creation time: an older job was found by its idempotency key.
      job.filter(its -> request.idempotency() == null || its.id().epochMillis() >= before)
          .ifPresent(its -> listeners.call(listener -> listener.submitted(its)));
      return job;
    } catch (IntakeException e) {
      listeners.call(listener -> listener.refused(e));
      throw e;
    }
  }

  @Override
  public Optional<Outcome> cached(Submission submission) {
    return cache.cached(submission);
  }

  @Override
  public boolean joinable(Submission submission, Job job) {
    return cache.joinable(submission, job);
  }

  @Override
  public Optional<JobId> keep(Submission given, Outcome.Answered outcome) {
    try {
      Submission submission = admission.tidy(given);
      JobRequest request = admission.request(submission, admission.tool(submission));
      return translated(() -> queue.keep(request, outcome));
    } catch (IntakeException e) {
      // The call still returns its result.
      log.info("A large result could not be stored for paging: {}", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    inline.close();
  }

  @Override
  public ToolPolicy policy(Submission submission) {
    return admission.tool(submission).policy();
  }

  @Override
  public Execution execution(Submission given) {
    Submission submission = admission.tidy(given);
    Tool tool = admission.tool(submission);
    if (!tool.handler().runsHere()) {
      return Execution.QUEUED;
    }
    return switch (tool.policy().execution()) {
      case INLINE -> Execution.INLINE;
      case QUEUED -> Execution.QUEUED;
      case AUTO -> auto.of(submission, tool);
    };
  }

  @Override
  public Inlined runInline(Submission given, InlineListener listener) {
    return cache.run(
        given,
        listener,
        shared -> {
          Submission submission = admission.tidy(given);
          Tool tool = admission.admit(submission);
          return inline.run(submission, tool, admission.inline(submission, tool), shared);
        });
  }

  @Override
  public Inlined runInline(
      Submission submission, PrimitiveHandler handler, Duration timeout, InlineListener listener) {
    return cache.read(
        submission,
        timeout,
        listener,
        shared -> inline.run(submission, InlinePrimitive.of(submission, handler), timeout, shared));
  }

  @Override
  public Job job(Caller caller, JobId id) {
    return translated(() -> owned(caller, queue.operation(id), id));
  }

  @Override
  public Job await(Caller caller, JobId id, Duration wait) throws InterruptedException {
    try {
      return followers.await(caller, id, wait);
    } catch (QueueUnavailableException e) {
      throw QueueAnswers.unavailable(e);
    }
  }

  @Override
  public Watch follow(Caller caller, JobId id, Follower listener) {
    return translated(() -> followers.follow(caller, id, listener));
  }

  @Override
  public List<OpenQuestion> questions(Caller caller, JobId id) {
    return job(caller, id).state() == JobState.INPUT_REQUIRED
        ? translated(() -> queue.questions(id))
        : List.of();
  }

  @Override
  public int answer(Caller caller, JobId id, Map<String, JsonNode> answers) {
    job(caller, id);
    return translated(() -> {
      Map<String, String> texts = new LinkedHashMap<>();
      for (OpenQuestion question : queue.questions(id)) {
        JsonNode answer = answers.get(question.key());
        if (answer != null) {
          AnswerCheck.problem(question.method(), json.readTree(question.params()), answer)
              .ifPresent(problem -> {
                throw new IntakeException(
                    new Refusal.BadRequest(
                        "The answer to " + question.key() + " cannot be taken: " + problem + "."));
              });
          texts.put(question.key(), answer.toString());
        }
      }
      return queue.answer(id, texts);
    });
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    return outcome(caller, job(caller, id));
  }

  @Override
  public Outcome outcome(Caller caller, Job ended) {
    JobId id = ended.id();
    Job job = owned(caller, Optional.of(ended), id);
    if (!job.state().terminal()) {
      throw new IntakeException(new Refusal.NotFinished(id, job.state()));
    }
    return isFlow(job)
        ? flows.outcome(caller, id)
        : translated(() -> queue.outcome(id)).orElseGet(() -> expired(caller, id));
  }

  /** Distinguishes an expired result from a job that was deleted since and is unknown. */
  private Outcome expired(Caller caller, JobId id) {
    job(caller, id);
    throw new IntakeException(new Refusal.ResultExpired(id));
  }

  @Override
  public Optional<Partial> partial(Caller caller, Job found) {
    Job job = owned(caller, Optional.of(found), found.id());
    return translated(() ->
        switch (job.state()) {
          case COMPLETED -> Optional.empty();
          case FAILED, DEAD, CANCELLED -> queue.outcome(job.id()).flatMap(Outcome::left);
          case HELD, QUEUED, SCHEDULED, RUNNING, INPUT_REQUIRED ->
              job.attempt() == 0 ? Optional.empty() : queue.partial(job.id());
        });
  }

  @Override
  public Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl) {
    var _ = job(caller, id); // another owner's job must not be changed
    return translated(() -> owned(caller, queue.detach(id, announcedTtl), id));
  }

  @Override
  public String digest(Submission submission) {
    return admission.digest(admission.tidy(submission));
  }

  @Override
  public Job start(Caller caller, JobId id) {
    Job job = job(caller, id);
    return translated(() ->
        switch (queue.release(id)) {
          case RELEASED -> owned(caller, queue.find(id), id);
          case NOT_HELD ->
              throw new IntakeException(
                  new Refusal.NotHeld(id, queue.find(id).map(Job::state).orElse(job.state())));
          case UNKNOWN -> throw new IntakeException(new Refusal.UnknownJob(id.value()));
        });
  }

  @Override
  public Job cancel(Caller caller, JobId id) {
    Job job = job(caller, id);
    Job ended =
        translated(() ->
            switch (queue.cancel(id)) {
              case CANCELLED -> owned(caller, queue.operation(id), id);
              case ALREADY_FINISHED ->
                  throw new IntakeException(
                      new Refusal.AlreadyFinished(
                          id, queue.operation(id).map(Job::state).orElse(job.state())));
              case UNKNOWN -> throw new IntakeException(new Refusal.UnknownJob(id.value()));
            });
    cancelled(ended);
    return ended;
  }

  @Override
  public void abandon(Caller caller, JobId id) {
    Job job = job(caller, id);
    if (!job.handedOut() && !job.state().terminal() && followers.waiting(id) == 0) {
      if (translated(() -> queue.cancel(id)) == CancelAnswer.CANCELLED) {
        cancelled(job.ended(JobState.CANCELLED));
      }
    }
  }

  // For a batch or chain each of its jobs is cancelled individually.
  private void cancelled(Job job) {
    if (!isFlow(job)) {
      listeners.call(listener -> listener.cancelled(job));
    }
  }

  private static boolean isFlow(Job job) {
    return FlowKind.begunBy(job.tool()).isPresent();
  }

  @Override
  public void delete(Caller caller, JobId id, boolean force) {
    Job job = job(caller, id);
    if (isFlow(job)) {
      throw new IntakeException(
          new Refusal.BadRequest(
              "A batch or chain cannot be deleted; it expires by itself"
                  + " (longhaul.results.status-ttl). Cancel it if it is not wanted."));
    }
    DeleteAnswer answer = translated(() -> queue.delete(id, force));
    switch (answer) {
      case DELETED -> {}
      case NOT_FINISHED -> throw new IntakeException(new Refusal.NotFinished(id, job.state()));
      case UNKNOWN -> throw new IntakeException(new Refusal.UnknownJob(id.value()));
    }
  }

  @Override
  public JobPage list(
      Caller caller,
      @Nullable String state,
      @Nullable String tool,
      @Nullable String method,
      @Nullable String cursor,
      int limit) {
    JobState wanted = state == null ? null : state(state);
    String id = tool == null ? null : admission.toolId(tool);
    try {
      return translated(
          () -> queue.list(new JobFilter(caller.owner(), wanted, id, method, cursor, limit)));
    } catch (IllegalArgumentException e) {
      throw new IntakeException(new Refusal.BadRequest(e.getMessage() + "."));
    }
  }

  @Override
  public Optional<Instant> estimatedCompletion(Job job) {
    // When a held job will be started is unknown.
    if (job.state().terminal()
        || job.state() == JobState.HELD
        || job.tool() == null
        || isFlow(job)) {
      return Optional.empty();
    }
    String tool = job.tool();
    Optional<Instant> extrapolated = fromProgress(job);
    if (extrapolated.isPresent()) {
      return extrapolated;
    }
    return translated(() -> times.average(tool))
        .or(() -> admission.find(tool).map(known -> known.policy().estimate()))
        .map(from(job)::plus)
        .filter(end -> end.isAfter(clock.instant()));
  }

  /**
   * Extrapolates linearly from the job's progress. Empty for a later attempt, whose progress may
   * still be that of an earlier one.
   */
  private Optional<Instant> fromProgress(Job job) {
    Double fraction = job.progress().fraction();
    Instant started = job.times().startedAt();
    if (job.state() != JobState.RUNNING
        || started == null
        || job.attempt() != 1
        || fraction == null
        || fraction < LEAST_FRACTION
        || fraction >= 1) {
      return Optional.empty();
    }
    long elapsed = Math.max(0, clock.millis() - started.toEpochMilli());
    return Optional.of(started.plusMillis((long) (elapsed / fraction)));
  }

  private static Instant from(Job job) {
    if (job.state() == JobState.SCHEDULED && job.times().dueAt() != null) {
      return job.times().dueAt();
    }
    if (job.waiting() != null && job.waiting().until() != null) {
      return job.waiting().until();
    }
    return job.times().startedAt() == null ? job.times().createdAt() : job.times().startedAt();
  }

  private static JobState state(String name) {
    return JobState.fromWire(name)
        .orElseThrow(() ->
            new IntakeException(
                new Refusal.BadRequest(
                    "state must be one of "
                        + String.join(
                            ", ", List.of(JobState.values()).stream().map(JobState::wire).toList())
                        + ", not "
                        + name
                        + ".")));
  }
}
