package dev.longhaul.intake.flow;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Followers;
import dev.longhaul.intake.ForwardingIntake;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way in for all: where an id is a batch's or chain's and not a job's, it answers for that. So
 * an operation that {@code run_batch} began is waited for, looked at and cancelled like any other,
 * on every delivery. Plain jobs cost nothing more: they are found first.
 */
final class FlowingIntake extends ForwardingIntake {
  private final QueueFlows flows;
  private final FlowOutcomes outcomes;
  private final Followers followers;
  private final FlowCalls calls;

  FlowingIntake(
      Intake jobs, QueueFlows flows, FlowOutcomes outcomes, Followers followers, FlowCalls calls) {
    super(jobs);
    this.flows = flows;
    this.outcomes = outcomes;
    this.followers = followers;
    this.calls = calls;
  }

  @Override
  public Job submit(Submission submission) {
    return calls
        .kind(submission)
        .map(kind -> calls.begin(submission, kind))
        .orElseGet(() -> jobs.submit(submission));
  }

  /** Asks for the job, and if there is none for the batch or chain. */
  private <T> T either(Caller caller, JobId id, Supplier<T> ofJob, Function<FlowView, T> ofFlow) {
    try {
      return ofJob.get();
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      Optional<FlowView> flow = flows.find(caller, id);
      if (flow.isEmpty()) {
        throw e;
      }
      return ofFlow.apply(flow.get());
    }
  }

  @Override
  public Job job(Caller caller, JobId id) {
    return either(caller, id, () -> jobs.job(caller, id), FlowJobs::of);
  }

  @Override
  public Job await(Caller caller, JobId id, Duration wait) throws InterruptedException {
    try {
      return jobs.await(caller, id, wait);
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      if (flows.find(caller, id).isEmpty()) {
        throw e;
      }
    }
    try {
      return followers.await(caller, id, wait);
    } catch (QueueUnavailableException e) {
      throw QueueAnswers.unavailable(e);
    }
  }

  private static boolean isFlow(Job job) {
    return job.tool() != null && FlowTools.NAMES.contains(job.tool());
  }

  @Override
  public Watch follow(Caller caller, JobId id, Follower listener) {
    return either(
        caller,
        id,
        () -> jobs.follow(caller, id, listener),
        flow -> QueueAnswers.translated(() -> followers.follow(caller, id, listener)));
  }

  @Override
  public List<OpenQuestion> questions(Caller caller, JobId id) {
    return either(caller, id, () -> jobs.questions(caller, id), flow -> List.of());
  }

  @Override
  public int answer(Caller caller, JobId id, Map<String, JsonNode> answers) {
    return either(caller, id, () -> jobs.answer(caller, id, answers), flow -> 0);
  }

  @Override
  public Outcome outcome(Caller caller, JobId id) {
    return either(
        caller,
        id,
        () -> jobs.outcome(caller, id),
        flow -> {
          Job job = FlowJobs.of(flow);
          if (!job.state().terminal()) {
            throw new IntakeException(new Refusal.NotFinished(id, job.state()));
          }
          return outcomes.of(caller, flow);
        });
  }

  @Override
  public Outcome outcome(Caller caller, Job ended) {
    return isFlow(ended) ? outcome(caller, ended.id()) : jobs.outcome(caller, ended);
  }

  @Override
  public Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl) {
    return either(
        caller,
        id,
        () -> jobs.handOver(caller, id, announcedTtl),
        flow -> FlowJobs.of(flows.handOut(caller, flow.kind(), id)));
  }

  @Override
  public Job start(Caller caller, JobId id) {
    return either(
        caller,
        id,
        () -> jobs.start(caller, id),
        flow -> {
          throw new IntakeException(new Refusal.NotHeld(id, FlowJobs.of(flow).state()));
        });
  }

  @Override
  public Job cancel(Caller caller, JobId id) {
    return either(
        caller,
        id,
        () -> jobs.cancel(caller, id),
        flow -> {
          try {
            return FlowJobs.of(flows.cancel(caller, flow.kind(), id));
          } catch (IntakeException e) {
            e.unless(Refusal.FlowFinished.class);
            throw new IntakeException(new Refusal.AlreadyFinished(id, job(caller, id).state()));
          }
        });
  }

  @Override
  public void abandon(Caller caller, JobId id) {
    either(
        caller,
        id,
        () -> {
          jobs.abandon(caller, id);
          return id;
        },
        flow -> {
          Job job = FlowJobs.of(flow);
          if (!job.handedOut() && !job.state().terminal() && followers.waiting(id) == 0) {
            cancel(caller, id);
          }
          return id;
        });
  }

  @Override
  public void delete(Caller caller, JobId id, boolean force) {
    either(
        caller,
        id,
        () -> {
          jobs.delete(caller, id, force);
          return id;
        },
        flow -> {
          throw new IntakeException(
              new Refusal.BadRequest(
                  "A batch or chain cannot be deleted; it is forgotten by itself"
                      + " (longhaul.results.status-ttl). Cancel it if it is not wanted."));
        });
  }

  @Override
  public Optional<Instant> estimatedCompletion(Job job) {
    return isFlow(job) ? Optional.empty() : jobs.estimatedCompletion(job);
  }
}
