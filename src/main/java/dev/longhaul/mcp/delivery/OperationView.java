package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Partial;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a job as an operation, the form in which models see jobs. */
public final class OperationView {
  /** The tool that waits for an operation and returns its result. */
  public static final String CONTINUE = "continue_operation";

  /** The suggested {@code wait_seconds}, unless the client's hold is shorter. */
  public static final int WAIT_SECONDS = 30;

  private OperationView() {}

  /** The {@code wait_seconds} to suggest to a client with this hold. */
  static int waitSeconds(Duration hold) {
    return Math.clamp(hold.toSeconds(), 1, WAIT_SECONDS);
  }

  /**
   * The operation as JSON; {@link OperationSchema} describes it.
   *
   * @param open the job's unanswered questions
   * @param baseUrl the URL at which clients reach the REST API, without a trailing slash
   * @param waitSeconds the {@code wait_seconds} to suggest
   */
  public static ObjectNode of(
      Job job,
      Optional<Instant> estimate,
      List<OpenQuestion> open,
      String baseUrl,
      int waitSeconds) {
    ObjectNode view = Replies.object();
    String id = job.id().value();
    view.put("operation_id", id);
    if (job.tool() != null) {
      view.put("tool", job.tool());
    } else {
      view.put("method", job.method());
    }
    view.put("status", job.state().wire());
    if (job.progress().fraction() != null) {
      view.put("progress", job.progress().fraction());
    }
    if (job.progress().message() != null) {
      view.put("message", job.progress().message());
    }
    if (job.waiting() != null) {
      ObjectNode waiting = view.putObject("waiting");
      waiting.put("reason", job.waiting().reason().wire());
      put(waiting, "until", job.waiting().until());
      waiting.put("text", WaitReasonText.of(job.waiting()));
    } else if (!open.isEmpty()) {
      view.putObject("waiting").put("reason", "answer").put("text", QuestionText.of(open));
    }
    view.put("attempt", job.attempt());
    attempts(view, job);
    checkpoints(view, job);
    view.put("created_at", job.times().createdAt().toString());
    if (job.state() == JobState.SCHEDULED) {
      put(view, "due_at", job.times().dueAt());
    }
    put(view, "started_at", job.times().startedAt());
    put(view, "finished_at", job.times().finishedAt());
    estimate.ifPresent(time -> view.put("estimated_completion", time.toString()));
    view.put("status_url", baseUrl + "/jobs/" + id);
    if (job.error() != null) {
      view.set("error", error(job.error()));
    }
    next(view, id, waitSeconds);
    return view;
  }

  /** Adds the partial result. */
  public static void addPartial(ObjectNode view, Partial partial) {
    ObjectNode node = view.putObject("partial");
    if (partial.processed() != null) {
      node.put("processed", partial.processed());
    }
    if (partial.total() != null) {
      node.put("total", partial.total());
    }
    node.set("value", Json.tree(partial.json()));
  }

  // Listed only after a failure: the other fields describe a single attempt completely.
  private static void attempts(ObjectNode view, Job job) {
    if (job.attempts().stream()
        .allMatch(attempt -> attempt.number() == 1 && attempt.error() == null)) {
      return;
    }
    ArrayNode attempts = view.putArray("attempts");
    for (JobAttempt attempt : job.attempts()) {
      ObjectNode one = attempts.addObject().put("number", attempt.number());
      put(one, "started_at", attempt.startedAt());
      put(one, "finished_at", attempt.finishedAt());
      if (attempt.worker() != null) {
        one.put("worker", attempt.worker());
      }
      JobAttempt.Failure failure = attempt.error();
      if (failure != null) {
        one.putObject("error").put("code", failure.code()).put("message", failure.message());
      }
    }
  }

  // At most one attempt has any.
  private static void checkpoints(ObjectNode view, Job job) {
    for (JobAttempt attempt : job.attempts()) {
      if (!attempt.checkpoints().isEmpty()) {
        ArrayNode steps = view.putArray("checkpoints");
        attempt
            .checkpoints()
            .forEach(step ->
                steps
                    .addObject()
                    .put("name", step.name())
                    .put("count", step.count())
                    .put("seconds", step.took().toMillis() / 1e3));
      }
    }
  }

  static ObjectNode error(JobError error) {
    return Replies.object()
        .put("code", error.code())
        .put("type", error.type())
        .put("message", error.message())
        .put("remediation", error.remediation());
  }

  private static void next(ObjectNode view, String id, int waitSeconds) {
    ObjectNode next = view.putObject("next");
    next.put("tool", CONTINUE);
    next.putObject("arguments").put("operation_id", id).put("wait_seconds", waitSeconds);
  }

  private static void put(ObjectNode view, String name, @Nullable Instant time) {
    if (time != null) {
      view.put(name, time.toString());
    }
  }
}
