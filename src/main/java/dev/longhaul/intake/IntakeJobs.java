package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobPage;
import dev.longhaul.tool.JobContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Implements {@link Jobs} on the intake that all front doors use. */
final class IntakeJobs implements Jobs {
  private final Intake intake;
  private final JsonMapper json;
  private final @Nullable Caller named;

  /**
   * @param named the owner of the jobs, or null to use the caller of the current call
   */
  IntakeJobs(Intake intake, JsonMapper json, @Nullable Caller named) {
    this.intake = intake;
    this.json = json;
    this.named = named;
  }

  @Override
  public Jobs as(Caller caller) {
    return new IntakeJobs(intake, json, caller);
  }

  @Override
  public Job dispatch(String method, Object params, JobOptions options) {
    Caller caller = caller();
    Job job =
        intake.submit(new Submission(caller, method, object(params), options, JobHeaders.NONE));
    // The caller has the id now, so another request's disconnect must not cancel the job.
    return intake.handOver(caller, job.id(), null);
  }

  @Override
  public Executed execute(String method, Object params, JobOptions options, Duration wait)
      throws InterruptedException {
    Caller caller = caller();
    JobId id = dispatch(method, params, options).id();
    Job job = intake.await(caller, id, wait);
    return job.state().terminal()
        ? new Executed.Finished(job, intake.outcome(caller, job))
        : new Executed.Pending(job);
  }

  @Override
  public Job status(JobId id) {
    return intake.job(caller(), id);
  }

  @Override
  public Outcome result(JobId id) {
    return intake.outcome(caller(), id);
  }

  @Override
  public <T> T result(JobId id, Class<T> type) {
    return typed(id).as(type);
  }

  @Override
  public <T> T result(JobId id, TypeReference<T> type) {
    return typed(id).as(type);
  }

  private TypedResult typed(JobId id) {
    Caller caller = caller();
    Job job = intake.job(caller, id);
    return TypedResult.of(job, intake.outcome(caller, job));
  }

  @Override
  public Job await(JobId id, Duration timeout) throws InterruptedException {
    return intake.await(caller(), id, timeout);
  }

  @Override
  public Job cancel(JobId id) {
    return intake.cancel(caller(), id);
  }

  @Override
  public Job start(JobId id) {
    return intake.start(caller(), id);
  }

  @Override
  public void delete(JobId id, boolean force) {
    intake.delete(caller(), id, force);
  }

  @Override
  public JobPage list(JobsFilter filter) {
    JobState state = filter.state();
    return intake.list(
        caller(),
        state == null ? null : state.wire(),
        filter.tool(),
        filter.method(),
        filter.cursor(),
        filter.limit());
  }

  private Caller caller() {
    return named != null
        ? named
        : JobContext.find().map(JobContext::caller).map(Caller::new).orElse(Caller.APPLICATION);
  }

  private ObjectNode object(Object params) {
    if (params instanceof ObjectNode given) {
      return given.deepCopy(); // later changes by the caller must not affect the stored params
    }
    JsonNode tree;
    try {
      tree = json.valueToTree(params);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IntakeException(
          new Refusal.BadRequest("params cannot be written as JSON: " + e.getMessage()));
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new IntakeException(
        new Refusal.BadRequest(
            "params must be what JSON writes as an object, such as a map or a record, not "
                + tree.getNodeType().name()
                + "."));
  }
}
