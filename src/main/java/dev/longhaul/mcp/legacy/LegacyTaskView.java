package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.wire.Replies;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes a job as a task of 2025-11-25 (basic/utilities/tasks). */
final class LegacyTaskView {
  private final Operations operations;
  private final PollIntervals pollIntervals;

  LegacyTaskView(Operations operations, PollIntervals pollIntervals) {
    this.operations = operations;
    this.pollIntervals = pollIntervals;
  }

  /** The task of a job that was just submitted: always working, as the specification requires. */
  ObjectNode created(Job job) {
    return task(job, "working", List.of());
  }

  /** The task as it is now. */
  ObjectNode now(Caller caller, Job job) {
    return now(caller, job, operations.questions(caller, job));
  }

  /**
   * The task as it is now.
   *
   * @param open the job's unanswered questions
   */
  ObjectNode now(Caller caller, Job job, List<OpenQuestion> open) {
    return task(job, status(caller, job, open), open);
  }

  private ObjectNode task(Job job, String status, List<OpenQuestion> open) {
    ObjectNode task = Replies.object().put("taskId", job.id().value()).put("status", status);
    task.put("statusMessage", TaskView.words(job, open));
    task.put("createdAt", job.times().createdAt().toString());
    task.put("lastUpdatedAt", job.times().updatedAt().toString());
    Long ttl = TaskView.ttlMillis(job);
    if (ttl == null) {
      task.putNull("ttl");
    } else {
      task.put("ttl", ttl);
    }
    return task.put("pollInterval", pollIntervals.of(job).toMillis());
  }

  private String status(Caller caller, Job job, List<OpenQuestion> open) {
    return switch (job.state()) {
      case HELD, QUEUED, SCHEDULED, RUNNING -> "working";
      // Empty between the last answer and the job's next step.
      case INPUT_REQUIRED -> open.isEmpty() ? "working" : "input_required";
      case COMPLETED -> isError(caller, job) ? "failed" : "completed";
      case FAILED, DEAD -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  // On this revision, unlike later, a result with isError makes the task failed.
  private boolean isError(Caller caller, Job job) {
    try {
      return operations.outcome(caller, job) instanceof Outcome.Answered answered
          && answered.isError();
    } catch (IntakeException e) {
      e.unless(Refusal.ResultExpired.class, Refusal.UnknownJob.class);
      return false;
    }
  }
}
