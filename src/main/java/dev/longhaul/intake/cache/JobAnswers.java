package dev.longhaul.intake.cache;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the answers of jobs, in the process whose worker ran them. */
public final class JobAnswers {
  private static final Logger log = LoggerFactory.getLogger(JobAnswers.class);

  private final JobQueue queue;
  private final CallPlans plans;
  private final AnswerCache cache;
  private final JsonMapper json;

  JobAnswers(JobQueue queue, CallPlans plans, AnswerCache cache, JsonMapper json) {
    this.queue = queue;
    this.plans = plans;
    this.cache = cache;
    this.json = json;
  }

  /**
   * A job has ended with this outcome, and the queue has accepted that. Returns at once.
   *
   * @param claim the job as its worker had it
   */
  public void ended(Claim claim, Outcome outcome) {
    JobHeaders headers = JobHeaders.read(claim.headers());
    JobHeaders.Run run = headers.run();
    if (run != null && json.readTree(claim.params()) instanceof ObjectNode params) {
      JobId id = claim.id();
      var submission =
          new Submission(
              new Caller(claim.owner()), claim.method(), params, JobOptions.NONE, headers);
      var _ =
          Threads.virtual(
              "keep-" + id,
              () ->
                  plans
                      .again(submission, run.name(), run.variant())
                      .ifPresent(call -> keep(id, call, run, outcome)));
    }
  }

  private void keep(JobId id, CachedCall call, JobHeaders.Run run, Outcome outcome) {
    if (outcome instanceof Outcome.Answered(String json, boolean isError)
        && !isError
        && askedNothing(id)) {
      cache.keep(call, run.token(), json, id);
    } else {
      cache.end(call, run.token());
    }
  }

  private boolean askedNothing(JobId id) {
    try {
      return queue.find(id).filter(job -> job.questions() == 0).isPresent();
    } catch (QueueUnavailableException e) {
      log.debug("The answer of job {} is not kept", id, e);
      return false;
    }
  }
}
