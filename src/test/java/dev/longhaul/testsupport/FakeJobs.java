package dev.longhaul.testsupport;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Executed;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Jobs;
import dev.longhaul.intake.JobsFilter;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobPage;
import dev.longhaul.tool.JobContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/**
 * A fake of {@link Jobs} for tests of code that dispatches jobs. It stores and runs nothing; it
 * records the dispatched jobs, and the test decides when and how they end.
 *
 * <pre>{@code
 * FakeJobs jobs = new FakeJobs().answering("report", Map.of("orders", 12));
 * new MonthEnd(jobs).close("2026-10");
 * jobs.assertDispatched("report", arguments -> arguments.path("month").asString().equals("2026-10"));
 * jobs.assertNotDispatched("refund");
 * }</pre>
 *
 * <p>Names in the methods here are those of tools, or of methods that call no tool, such as {@code
 * resources/read}. Arguments are not checked against a schema, because the tools are not known.
 */
public final class FakeJobs implements Jobs {
  private final FakeRecords records;
  private final @Nullable Caller named;

  /** Creates a fake with the system's clock. */
  public FakeJobs() {
    this(Clock.systemUTC());
  }

  /** Creates a fake with a clock for the times of jobs. */
  public FakeJobs(Clock clock) {
    this(new FakeRecords(clock), null);
  }

  private FakeJobs(FakeRecords records, @Nullable Caller named) {
    this.records = records;
    this.named = named;
  }

  /**
   * Lets all later jobs of that name complete with this result when they are dispatched.
   *
   * @param value a text, or an object that Jackson writes as the structured content; for methods
   *     other than tools/call the whole result
   */
  public FakeJobs answering(String name, Object value) {
    return ending(name, job -> FakeRecords.answer(job, value));
  }

  /** Lets all later jobs of that name complete with a result that depends on the job. */
  public FakeJobs answeringWith(String name, Function<DispatchedJob, Object> value) {
    return ending(name, job -> FakeRecords.answer(job, value.apply(job)));
  }

  /** Lets all later jobs of that name end as dead with this error when they are dispatched. */
  public FakeJobs failing(String name, JobError error) {
    return ending(name, _ -> new Outcome.GivenUp(error, null));
  }

  /** Lets all later jobs of that name end with this outcome when they are dispatched. */
  public FakeJobs ending(String name, Function<DispatchedJob, Outcome> end) {
    records.endWith(name, end);
    return this;
  }

  /** Completes a dispatched job with this result, which is as in {@link #answering}. */
  public void complete(JobId id, Object value) {
    DispatchedJob job =
        dispatched().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no job " + id + " was dispatched"));
    records.end(id, FakeRecords.answer(job, value));
  }

  /** Ends a dispatched job with this outcome. */
  public void end(JobId id, Outcome outcome) {
    records.end(id, outcome);
  }

  /** Removes all dispatched jobs; the outcomes set for later jobs stay. */
  public void clear() {
    records.clear();
  }

  /** The jobs dispatched by all callers, in order. */
  public List<DispatchedJob> dispatched() {
    return records.dispatched();
  }

  /** The jobs of that name dispatched by all callers, in order. */
  public List<DispatchedJob> dispatched(String name) {
    return dispatched().stream().filter(job -> job.name().equals(name)).toList();
  }

  /**
   * Asserts that at least one job of that name was dispatched.
   *
   * @return the first of them
   */
  public DispatchedJob assertDispatched(String name) {
    return dispatched(name).stream()
        .findFirst()
        .orElseThrow(() -> failure("Expected a job of " + name + ", but there was none."));
  }

  /**
   * Asserts that at least one job of that name was dispatched with matching arguments.
   *
   * @return the first of them
   */
  public DispatchedJob assertDispatched(String name, Predicate<ObjectNode> arguments) {
    assertDispatched(name);
    return dispatched(name).stream()
        .filter(job -> arguments.test(job.arguments()))
        .findFirst()
        .orElseThrow(
            () -> failure("Expected a job of " + name + " with other arguments than it has."));
  }

  /**
   * Asserts that at least one job of that name was dispatched with exactly these arguments.
   *
   * @return the first of them
   */
  public DispatchedJob assertDispatched(String name, Map<String, ?> arguments) {
    ObjectNode expected = FakeRecords.JSON.valueToTree(arguments);
    return dispatched(name).stream()
        .filter(job -> job.arguments().equals(expected))
        .findFirst()
        .orElseThrow(
            () -> failure("Expected a job of " + name + " with the arguments " + expected + "."));
  }

  /** Asserts the number of dispatched jobs of that name. */
  public void assertDispatchedTimes(String name, int times) {
    int found = dispatched(name).size();
    if (found != times) {
      throw failure("Expected " + times + " jobs of " + name + ", but there were " + found + ".");
    }
  }

  /** Asserts that no job of that name was dispatched. */
  public void assertNotDispatched(String name) {
    if (!dispatched(name).isEmpty()) {
      throw failure("Expected no job of " + name + ".");
    }
  }

  /** Asserts that no job of that name was dispatched with matching arguments. */
  public void assertNotDispatched(String name, Predicate<ObjectNode> arguments) {
    dispatched(name).stream()
        .filter(job -> arguments.test(job.arguments()))
        .findFirst()
        .ifPresent(job -> {
          throw failure(
              "Expected no job of " + name + " with the arguments " + job.arguments() + ".");
        });
  }

  /** Asserts that no job was dispatched. */
  public void assertNothingDispatched() {
    if (!dispatched().isEmpty()) {
      throw failure("Expected no job at all.");
    }
  }

  private AssertionError failure(String expected) {
    StringBuilder text = new StringBuilder(expected);
    List<DispatchedJob> all = dispatched();
    text.append(all.isEmpty() ? " Nothing was dispatched." : " Dispatched, in order:");
    all.forEach(job -> text.append("\n- ").append(job));
    return new AssertionError(text.toString());
  }

  @Override
  public FakeJobs as(Caller caller) {
    return new FakeJobs(records, caller);
  }

  @Override
  public Job dispatch(String method, Object params, JobOptions options) {
    return records.dispatch(caller(), method, params, options).view();
  }

  /** Dispatches without waiting: the job has ended if the test has set an outcome. */
  @Override
  public Executed execute(String method, Object params, JobOptions options, Duration wait) {
    FakeJob job = records.dispatch(caller(), method, params, options);
    Outcome outcome = job.outcome();
    return outcome == null
        ? new Executed.Pending(job.view())
        : new Executed.Finished(job.view(), outcome);
  }

  @Override
  public Job status(JobId id) {
    return records.find(caller(), id).view();
  }

  @Override
  public Outcome result(JobId id) {
    FakeJob job = records.find(caller(), id);
    Outcome outcome = job.outcome();
    if (outcome == null) {
      throw new IntakeException(new Refusal.NotFinished(id, job.view().state()));
    }
    return outcome;
  }

  @Override
  public <T> T result(JobId id, Class<T> type) {
    return new Executed.Finished(status(id), result(id)).as(type);
  }

  @Override
  public <T> T result(JobId id, TypeReference<T> type) {
    return new Executed.Finished(status(id), result(id)).as(type);
  }

  /** Does not wait, because a job that has not ended would not end meanwhile. */
  @Override
  public Job await(JobId id, Duration timeout) {
    return status(id);
  }

  @Override
  public Job cancel(JobId id) {
    FakeJob job = records.find(caller(), id);
    if (job.outcome() != null) {
      throw new IntakeException(new Refusal.AlreadyFinished(id, job.view().state()));
    }
    records.end(id, new Outcome.Cancelled(null));
    return job.view();
  }

  @Override
  public Job start(JobId id) {
    FakeJob job = records.find(caller(), id);
    Job before = job.view();
    if (before.state() != JobState.HELD) {
      throw new IntakeException(new Refusal.NotHeld(id, before.state()));
    }
    records.start(id);
    return job.view();
  }

  /** Deletes a job. It stays in {@link #dispatched()}. */
  @Override
  public void delete(JobId id, boolean force) {
    FakeJob job = records.find(caller(), id);
    if (job.outcome() == null && !force) {
      throw new IntakeException(new Refusal.NotFinished(id, job.view().state()));
    }
    records.delete(id);
  }

  @Override
  public JobPage list(JobsFilter filter) {
    List<Job> matching =
        records.of(caller()).stream()
            .map(FakeJob::view)
            .filter(job -> matches(job, filter))
            .toList();
    int from = filter.cursor() == null ? 0 : place(filter.cursor());
    int to = Math.min(from + filter.limit(), matching.size());
    List<Job> page = from >= to ? List.of() : matching.subList(from, to);
    return new JobPage(page, to < matching.size() ? Integer.toString(to) : null);
  }

  private static boolean matches(Job job, JobsFilter filter) {
    return (filter.state() == null || job.state() == filter.state())
        && (filter.tool() == null || filter.tool().equals(job.tool()))
        && (filter.method() == null || filter.method().equals(job.method()));
  }

  private static int place(String cursor) {
    try {
      return Integer.parseInt(cursor);
    } catch (NumberFormatException e) {
      throw new IntakeException(new Refusal.BadRequest("cursor is not one of this listing."));
    }
  }

  // As in production: within a tool the caller of the tool, elsewhere the application.
  private Caller caller() {
    return named != null
        ? named
        : JobContext.find().map(JobContext::caller).map(Caller::new).orElse(Caller.APPLICATION);
  }
}
