package dev.longhaul.mcp;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CanonicalCall;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.schema.Violation;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.Question;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An intake in memory whose jobs the test controls. The name of a tool decides what its calls do:
 * {@code quick} ends at once, {@code inline…} runs inline, {@code full} is refused.
 */
final class FakeIntake implements Intake {
  static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  final BlockingQueue<JobId> submitted = new LinkedBlockingQueue<>();
  final BlockingQueue<JobId> abandoned = new LinkedBlockingQueue<>();
  final BlockingQueue<Submission> submissions = new LinkedBlockingQueue<>();
  private final Map<JobId, Entry> jobs = new ConcurrentHashMap<>();

  /** How many further reads of an outcome fail. */
  final AtomicInteger unreadable = new AtomicInteger();

  private static final class Entry {
    volatile Job job;
    volatile @Nullable Outcome outcome;
    final List<Follower> listeners = new CopyOnWriteArrayList<>();

    Entry(Job job) {
      this.job = job;
    }
  }

  /** Removes all jobs, as if their TTL had passed. */
  void forgetAll() {
    jobs.clear();
  }

  JobId nextSubmitted() {
    return take(submitted);
  }

  static <T> T take(BlockingQueue<T> queue) {
    try {
      T taken = queue.poll(20, TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("nothing came within 20 s");
      }
      return taken;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void progress(JobId id, Progress progress) {
    change(id, JobState.RUNNING, progress, false, null);
  }

  void finish(JobId id, Outcome outcome) {
    Entry entry = entry(id);
    entry.outcome = outcome;
    change(id, outcome.state(), entry.job.progress(), entry.job.handedOut(), null);
  }

  static String text(String text) {
    return "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
  }

  @Override
  public Optional<JobId> keep(Submission submission, Outcome.Answered outcome) {
    return Optional.empty();
  }

  @Override
  public Optional<Job> submitUnlessHeld(Submission submission) {
    return Optional.empty();
  }

  @Override
  public Job submit(Submission submission, boolean awaited) {
    String tool = submission.params().path("name").asString();
    validate(submission, tool);
    submissions.add(submission);
    JobId id = JobId.create(NOW.toEpochMilli(), 0);
    Job job =
        job(id, tool, submission.caller().owner(), JobState.QUEUED, Progress.NONE, false, null);
    jobs.put(id, new Entry(job));
    if (tool.equals("quick")) {
      finish(id, new Outcome.Answered(text("done"), false));
    }
    submitted.add(id);
    return job;
  }

  @Override
  public ToolPolicy policy(Submission submission) {
    String tool = submission.params().path("name").asString();
    return FakeTools.byName(tool)
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownTool(tool)))
        .policy();
  }

  @Override
  public Execution execution(Submission submission) {
    return policy(submission).execution();
  }

  @Override
  public Inlined runInline(Submission submission, InlineListener progress) {
    String tool = submission.params().path("name").asString();
    validate(submission, tool);
    submissions.add(submission);
    progress.progress(0, 100.0, null);
    progress.progress(50, 100.0, "half");
    progress.progress(50, 100.0, "half");
    progress.progress(100, 100.0, null);
    return new Inlined.Ended(
        new Outcome.Answered(
            text("inline " + submission.params().path("arguments").path("text").asString("")),
            false));
  }

  @Override
  public Inlined runInline(
      Submission submission, PrimitiveHandler handler, Duration timeout, InlineListener listener) {
    AttemptContext context =
        new AttemptContext(
            JobId.create(NOW.toEpochMilli(), 0).value(),
            1,
            submission.caller().owner(),
            Instant.MAX,
            Clock.systemUTC(),
            Tools.JSON,
            new AttemptContext.Sink() {
              @Override
              public void progress(Progress said) {
                listener.progress(
                    Objects.requireNonNullElse(said.fraction(), 0.0), 1.0, said.message());
              }

              @Override
              public void log(JobLog said) {
                listener.log(said);
              }

              @Override
              public Optional<List<JsonNode>> ask(List<Question> questions) {
                return listener.ask(questions, true);
              }
            });
    var tool =
        Tools.queued(
            submission.method(),
            call ->
                handler.handle(
                    new PrimitiveCall(submission.params(), call.meta(), call.context())));
    context.by(submission.client());
    return switch (new ToolRunner(Tools.JSON).run(tool, submission.params(), context)) {
      case Attempt.NeedsInput asks -> new Inlined.Asks(asks.questions());
      case Attempt.Ended ended -> new Inlined.Ended(ended.outcome());
      case Attempt.Failed failed -> new Inlined.Ended(new Outcome.GivenUp(failed.error(), null));
      case Attempt.Stopped _ -> new Inlined.Ended(new Outcome.Cancelled(null));
    };
  }

  private static void validate(Submission submission, String tool) {
    if (tool.equals("full")) {
      throw new IntakeException(
          new Refusal.QueueFull("The queue is full.", Duration.ofSeconds(7)),
          new RuntimeException());
    }
    if (submission.params().path("arguments").has("overflow")) {
      throw new StackOverflowError("thrown by the test");
    }
    if (submission.params().path("arguments").has("bad")) {
      throw new IntakeException(
          new Refusal.InvalidArguments(
              tool, List.of(new Violation("/bad", "is bad"), new Violation("", "is worse"))));
    }
  }

  @Override
  public Job job(Caller caller, JobId id) {
    return entry(caller, id).job;
  }

  @Override
  public Job await(Caller caller, JobId id, Duration wait) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<OpenQuestion> questions(Caller caller, JobId id) {
    return List.of();
  }

  @Override
  public int answer(Caller caller, JobId id, Map<String, JsonNode> answers) {
    job(caller, id);
    return 0;
  }

  @Override
  public String digest(Submission submission) {
    return submission.caller().owner()
        + " "
        + new CanonicalCall(JsonMapper.shared()).of(submission.method(), submission.params());
  }

  @Override
  public Watch follow(Caller caller, JobId id, Follower listener) {
    Entry entry = entry(caller, id);
    entry.listeners.add(listener);
    listener.changed(entry.job);
    return () -> entry.listeners.remove(listener);
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    if (unreadable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IntakeException(new Refusal.Unavailable("The store is away."));
    }
    Entry entry = entry(caller, id);
    Outcome outcome = entry.outcome;
    if (outcome == null) {
      throw new IntakeException(new Refusal.NotFinished(id, entry.job.state()));
    }
    return outcome;
  }

  @Override
  public Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl) {
    Entry entry = entry(caller, id);
    return change(id, entry.job.state(), entry.job.progress(), true, announcedTtl);
  }

  @Override
  public Job start(Caller caller, JobId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Job cancel(Caller caller, JobId id) {
    Entry entry = entry(caller, id);
    if (entry.job.state().terminal()) {
      throw new IntakeException(new Refusal.AlreadyFinished(id, entry.job.state()));
    }
    finish(id, new Outcome.Cancelled(null));
    return entry.job;
  }

  @Override
  public void abandon(Caller caller, JobId id) {
    abandoned.add(id);
  }

  @Override
  public void delete(Caller caller, JobId id, boolean force) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JobPage list(
      Caller caller,
      @Nullable String state,
      @Nullable String tool,
      @Nullable String method,
      @Nullable String cursor,
      int limit) {
    List<Job> found = new ArrayList<>();
    for (Entry entry : new LinkedHashMap<>(jobs).values()) {
      if (state == null || entry.job.state().wire().equals(state)) {
        found.add(entry.job);
      }
    }
    return new JobPage(found.subList(0, Math.min(limit, found.size())), null);
  }

  @Override
  public Optional<Instant> estimatedCompletion(Job job) {
    return Optional.of(NOW.plusSeconds(90));
  }

  /** Finds a job of this caller; jobs of other owners are unknown. */
  private Entry entry(Caller caller, JobId id) {
    Entry entry = entry(id);
    if (!entry.job.owner().equals(caller.owner())) {
      throw new IntakeException(new Refusal.UnknownJob(id.value()));
    }
    return entry;
  }

  private Entry entry(JobId id) {
    Entry entry = jobs.get(id);
    if (entry == null) {
      throw new IntakeException(new Refusal.UnknownJob(id.value()));
    }
    return entry;
  }

  private Job change(
      JobId id, JobState state, Progress progress, boolean handedOut, @Nullable Duration ttl) {
    Entry entry = entry(id);
    String tool = String.valueOf(entry.job.tool());
    entry.job = job(id, tool, entry.job.owner(), state, progress, handedOut, ttl);
    entry.listeners.forEach(listener -> listener.changed(entry.job));
    return entry.job;
  }

  static Job job(
      JobId id,
      String tool,
      String owner,
      JobState state,
      Progress progress,
      boolean handedOut,
      @Nullable Duration ttl) {
    return new Job(
        id,
        new JobSpec(
            "tools/call",
            tool,
            owner,
            "default",
            Priority.DEFAULT,
            Duration.ofMinutes(5),
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
            Map.of()),
        state,
        progress,
        new JobTimes(NOW, NOW, NOW, state.terminal() ? NOW : null, null, null, ttl),
        1,
        List.of(),
        null,
        null,
        JobLinks.NONE,
        handedOut,
        0);
  }
}
