package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A job as a task of the extension {@code io.modelcontextprotocol/tasks}. */
public final class TaskView {
  private final Dialect dialect;
  private final ResultCut cut;
  private final PollIntervals pollIntervals;

  /**
   * @param dialect how the result within a finished task is written: as the plain call's would be
   * @param cut what becomes of a large one
   * @param pollIntervals how often clients are asked to poll
   */
  public TaskView(Dialect dialect, ResultCut cut, PollIntervals pollIntervals) {
    this.cut = cut;
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
   * @param open what it waits for; between its answers and its next step it waits for nothing
   */
  public ObjectNode unfinished(Job job, List<OpenQuestion> open) {
    ObjectNode task = Replies.object().put("resultType", "complete");
    fill(task, job, open.isEmpty() ? "working" : "input_required", open);
    if (!open.isEmpty()) {
      task.set("inputRequests", InputRequests.ofJob(open));
    }
    return task;
  }

  /** The task of a job that has ended, with what it ended with. */
  public ObjectNode finished(Job job, Outcome outcome) {
    ObjectNode task = Replies.object().put("resultType", "complete");
    switch (outcome) {
      case Outcome.Answered _, Outcome.Failed _, Outcome.GivenUp _ -> {
        fill(task, job, "completed", List.of());
        task.set("result", dialect.result(cut.of(job.id(), outcome)));
      }
      case Outcome.Refused refused -> {
        fill(task, job, "failed", List.of());
        RpcError error = dialect.error(ToolResults.error(refused));
        var body = task.putObject("error").put("code", error.code());
        body.put("message", error.message());
        if (error.data() != null) {
          body.set("data", error.data());
        }
      }
      case Outcome.Cancelled _ -> fill(task, job, "cancelled", List.of());
    }
    return task;
  }

  private void fill(ObjectNode task, Job job, String status, List<OpenQuestion> open) {
    task.put("taskId", job.id().value());
    task.put("status", status);
    task.put("statusMessage", words(job, open));
    task.put("createdAt", job.createdAt().toString());
    task.put("lastUpdatedAt", job.updatedAt().toString());
    Long ttl = ttlMillis(job);
    if (ttl == null) {
      task.putNull("ttlMs");
    } else {
      task.put("ttlMs", ttl);
    }
    task.put("pollIntervalMs", pollIntervals.of(job).toMillis());
  }

  /**
   * What was announced, even if it will be known for longer: a promise that grows with what else is
   * kept would be none. What is left if nothing was announced, or the job went on for longer than
   * that; a job that goes on is not forgotten.
   */
  public static @Nullable Long ttlMillis(Job job) {
    Duration announced = job.announcedTtl();
    if (announced != null
        && (job.finishedAt() == null
            || !job.finishedAt().isAfter(job.createdAt().plus(announced)))) {
      return announced.toMillis();
    }
    return job.expiresAt() == null
        ? null
        : Long.valueOf(Duration.between(job.createdAt(), job.expiresAt()).toMillis());
  }

  /**
   * What a job is doing, in words.
   *
   * @param open what it asks and nobody has answered
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
                  : "It " + WaitingWords.of(job.waiting());
          case SCHEDULED ->
              "Waiting for its time" + (job.dueAt() == null ? "" : ", " + job.dueAt());
          case RUNNING -> "Running";
          case INPUT_REQUIRED ->
              open.isEmpty() ? "Going on with its answers" : "It " + AskedWords.of(open);
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
