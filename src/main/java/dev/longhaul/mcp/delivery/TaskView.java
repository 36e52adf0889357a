package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes a job as a task of the extension {@code io.modelcontextprotocol/tasks}. */
public final class TaskView {
  private final Dialect dialect;
  private final ResultTruncation truncation;
  private final PollIntervals pollIntervals;

  /**
   * @param dialect writes the result inside a finished task, as for the plain call
   * @param truncation shortens large results
   * @param pollIntervals how often clients are asked to poll
   */
  public TaskView(Dialect dialect, ResultTruncation truncation, PollIntervals pollIntervals) {
    this.truncation = truncation;
    this.dialect = dialect;
    this.pollIntervals = pollIntervals;
  }

  /** The CreateTaskResult of a job that was handed over. */
  public ObjectNode created(Job job) {
    ObjectNode task = Replies.object().put("resultType", "task");
    fill(task, job, "working", List.of());
    return task;
  }

  /**
   * The task of a job that has not ended.
   *
   * @param open its unanswered questions; empty between the last answer and the next step
   */
  public ObjectNode unfinished(Job job, List<OpenQuestion> open) {
    ObjectNode task = Replies.object().put("resultType", "complete");
    fill(task, job, open.isEmpty() ? "working" : "input_required", open);
    if (!open.isEmpty()) {
      task.set("inputRequests", InputRequests.ofJob(open));
    }
    return task;
  }

  /** The task of a job that has ended, with its outcome. */
  public ObjectNode finished(Job job, Outcome outcome) {
    ObjectNode task = Replies.object().put("resultType", "complete");
    switch (outcome) {
      case Outcome.Answered _, Outcome.Failed _, Outcome.GivenUp _ -> {
        fill(task, job, "completed", List.of());
        task.set("result", dialect.result(truncation.of(job.id(), outcome)));
      }
      case Outcome.Refused refused -> {
        fill(task, job, "failed", List.of());
        task.set("error", Replies.errorObject(dialect.error(ToolResults.error(refused))));
      }
      case Outcome.Cancelled _ -> fill(task, job, "cancelled", List.of());
    }
    return task;
  }

  private void fill(ObjectNode task, Job job, String status, List<OpenQuestion> open) {
    task.put("taskId", job.id().value());
    task.put("status", status);
    task.put("statusMessage", words(job, open));
    task.put("createdAt", job.times().createdAt().toString());
    task.put("lastUpdatedAt", job.times().updatedAt().toString());
    Long ttl = ttlMillis(job);
    if (ttl == null) {
      task.putNull("ttlMs");
    } else {
      task.put("ttlMs", ttl);
    }
    task.put("pollIntervalMs", pollIntervals.of(job).toMillis());
  }

  /**
   * The task's time to live in milliseconds: the announced one, which stays the same even if the
   * job is kept for longer. If none was announced, or the job ran longer than that (an unfinished
   * job is never deleted), the time until the job expires; null while it has no expiry.
   */
  public static @Nullable Long ttlMillis(Job job) {
    Duration announced = job.times().announcedTtl();
    if (announced != null
        && (job.times().finishedAt() == null
            || !job.times().finishedAt().isAfter(job.times().createdAt().plus(announced)))) {
      return announced.toMillis();
    }
    return job.times().expiresAt() == null
        ? null
        : Long.valueOf(
            Duration.between(job.times().createdAt(), job.times().expiresAt()).toMillis());
  }

  /**
   * The status message.
   *
   * @param open the job's unanswered questions
   */
  public static String words(Job job, List<OpenQuestion> open) {
    if (job.error() != null && job.state() != JobState.COMPLETED) {
      return job.error().message();
    }
    String message = job.progress().message();
    Double fraction = job.progress().fraction();
    String state =
        switch (job.state()) {
          case HELD -> "Held until its owner starts it";
          case QUEUED ->
              job.waiting() == null
                  ? "Waiting for a worker"
                  : "It " + WaitReasonText.of(job.waiting());
          case SCHEDULED ->
              "Waiting for its time"
                  + (job.times().dueAt() == null ? "" : ", " + job.times().dueAt());
          case RUNNING -> "Running";
          case INPUT_REQUIRED ->
              open.isEmpty() ? "Going on with its answers" : "It " + QuestionText.of(open);
          case COMPLETED -> "Completed";
          case FAILED -> "Failed";
          case CANCELLED -> "Cancelled";
          case DEAD -> "Given up";
        };
    if (job.state().terminal()) {
      return state;
    }
    String percent = fraction == null ? "" : ", " + Math.round(fraction * 100) + " %";
    return state + percent + (message == null ? "" : ": " + message);
  }
}
