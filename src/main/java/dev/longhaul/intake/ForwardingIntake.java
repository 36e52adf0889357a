package dev.longhaul.intake;

import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Another intake, unchanged; for one that does a few things differently. */
public abstract class ForwardingIntake implements Intake {
  /** The other one. */
  protected final Intake jobs;

  protected ForwardingIntake(Intake jobs) {
    this.jobs = jobs;
  }

  @Override
  public Job submit(Submission submission) {
    return jobs.submit(submission);
  }

  @Override
  public ToolPolicy policy(Submission submission) {
    return jobs.policy(submission);
  }

  @Override
  public Execution execution(Submission submission) {
    return jobs.execution(submission);
  }

  @Override
  public Optional<Outcome> kept(Submission submission) {
    return jobs.kept(submission);
  }

  @Override
  public Optional<JobId> keep(Submission submission, Outcome.Answered outcome) {
    return jobs.keep(submission, outcome);
  }

  @Override
  public Inlined runInline(Submission submission, InlineListener listener) {
    return jobs.runInline(submission, listener);
  }

  @Override
  public Inlined runInline(
      Submission submission, PrimitiveHandler handler, Duration timeout, InlineListener listener) {
    return jobs.runInline(submission, handler, timeout, listener);
  }

  @Override
  public Job job(Caller caller, JobId id) {
    return jobs.job(caller, id);
  }

  @Override
  public Job await(Caller caller, JobId id, Duration wait) throws InterruptedException {
    return jobs.await(caller, id, wait);
  }

  @Override
  public Watch follow(Caller caller, JobId id, Follower listener) {
    return jobs.follow(caller, id, listener);
  }

  @Override
  public List<OpenQuestion> questions(Caller caller, JobId id) {
    return jobs.questions(caller, id);
  }

  @Override
  public int answer(Caller caller, JobId id, Map<String, JsonNode> answers) {
    return jobs.answer(caller, id, answers);
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    return jobs.outcome(caller, id);
  }

  @Override
  public Outcome outcome(Caller caller, Job ended) {
    return jobs.outcome(caller, ended);
  }

  @Override
  public Optional<Partial> partial(Caller caller, Job job) {
    return jobs.partial(caller, job);
  }

  @Override
  public Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl) {
    return jobs.handOver(caller, id, announcedTtl);
  }

  @Override
  public String digest(Submission submission) {
    return jobs.digest(submission);
  }

  @Override
  public boolean joinable(Submission submission, Job job) {
    return jobs.joinable(submission, job);
  }

  @Override
  public Job start(Caller caller, JobId id) {
    return jobs.start(caller, id);
  }

  @Override
  public Job cancel(Caller caller, JobId id) {
    return jobs.cancel(caller, id);
  }

  @Override
  public void abandon(Caller caller, JobId id) {
    jobs.abandon(caller, id);
  }

  @Override
  public void delete(Caller caller, JobId id, boolean force) {
    jobs.delete(caller, id, force);
  }

  @Override
  public JobPage list(
      Caller caller,
      @Nullable String state,
      @Nullable String tool,
      @Nullable String method,
      @Nullable String cursor,
      int limit) {
    return jobs.list(caller, state, tool, method, cursor, limit);
  }

  @Override
  public Optional<Instant> estimatedCompletion(Job job) {
    return jobs.estimatedCompletion(job);
  }
}
