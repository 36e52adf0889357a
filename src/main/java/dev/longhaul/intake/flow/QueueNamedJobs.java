package dev.longhaul.intake.flow;

import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.catalog.Tool;
import dev.longhaul.intake.Admission;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.IntakeListener;
import dev.longhaul.intake.NamedJobs;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.thread.Listeners;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Implements names as idempotency keys, each with unique content so that a used name is always a
 * conflict. A name is stored atomically with its job and expires with it. Batches and chains cannot
 * be named, because they are not jobs.
 */
final class QueueNamedJobs implements NamedJobs {

  /**
   * Not the name of an MCP method, so that names cannot collide with idempotency keys of callers.
   */
  private static final String METHOD = "named";

  private final JobQueue queue;
  private final Admission admission;
  private final Listeners<IntakeListener> listeners;
  private final String restPath;

  QueueNamedJobs(
      JobQueue queue, Admission admission, Listeners<IntakeListener> listeners, String restPath) {
    this.restPath = restPath;
    this.queue = queue;
    this.admission = admission;
    this.listeners = listeners;
  }

  @Override
  public Job add(Submission submission, String name) {
    try {
      Job job = stored(submission, name);
      listeners.call(listener -> listener.submitted(job));
      return job;
    } catch (IntakeException e) {
      listeners.call(listener -> listener.refused(e));
      throw e;
    }
  }

  private Job stored(Submission given, String name) {
    Submission submission = admission.tidy(given);
    Tool tool = admission.admit(submission);
    if (FlowKind.begunBy(tool.id()).isPresent()) {
      throw new IntakeException(
          new Refusal.BadRequest(
              "tool",
              tool.name()
                  + " makes a batch or chain, which has an id of its own. Call it over MCP, or use POST "
                  + restPath
                  + "/batches or "
                  + restPath
                  + "/chains."));
    }
    IdempotencyKey key = key(submission.caller(), name);
    JobRequest request = admission.request(submission, tool).keyed(key);
    return translated(() -> {
      JobId id = queue.enqueue(List.of(request)).getFirst();
      // Shards do not know each other's names. A request that finds another job deletes its own, so
      // that there are never two.
      Optional<JobId> other =
          queue.keyed(key.digest()).stream()
              .filter(known -> !known.equals(id) && queue.find(known).isPresent())
              .findFirst();
      if (other.isPresent()) {
        var _ = queue.delete(id, true);
        throw new IdempotencyConflictException(other.get());
      }
      return queue
          .find(id)
          .orElseThrow(() -> new IntakeException(new Refusal.UnknownJob(id.value())));
    });
  }

  @Override
  public Job find(Caller caller, String name) {
    return translated(() ->
        queue.keyed(key(caller, name).digest()).stream()
            .map(queue::find)
            .flatMap(Optional::stream)
            .filter(job -> job.owner().equals(caller.owner()))
            .findFirst()
            .orElseThrow(() -> new IntakeException(new Refusal.UnknownJob(name))));
  }

  // Random content, so that a name that is in use is always a conflict.
  private static IdempotencyKey key(Caller caller, String name) {
    return IdempotencyKey.of(caller.owner(), METHOD, name, UUID.randomUUID().toString());
  }
}
