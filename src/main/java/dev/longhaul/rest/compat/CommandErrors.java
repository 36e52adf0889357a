package dev.longhaul.rest.compat;

import static dev.longhaul.rest.compat.CommandException.failed;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobState;
import dev.longhaul.schema.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Turns refusals into errors of queuemgr's API. */
final class CommandErrors {
  private static final Duration SOON = Duration.ofSeconds(5);

  private CommandErrors() {}

  /**
   * The error for a refusal of the intake.
   *
   * @param base the base URL of the REST API
   */
  static CommandException of(IntakeException exception, String jobId, String base) {
    String said = String.valueOf(exception.getMessage());
    return switch (exception.refusal()) {
      case Refusal.UnknownJob _ ->
          failed(
              "JOB_NOT_FOUND",
              "Job " + jobId + " not found",
              "Look at list_jobs for the jobs there are; add_job makes one. A job that has ended is"
                  + " forgotten after longhaul.results.status-ttl.");
      case Refusal.IdempotencyConflict _ ->
          failed(
              "JOB_EXISTS",
              "Job " + jobId + " already exists",
              "Choose another job_id, or delete_job it first.");
      case Refusal.NotFinished e ->
          failed(
              "JOB_RUNNING",
              "Job " + jobId + " is " + e.state().wire() + ", use force=true",
              "stop_job it first, or repeat delete_job with \"force\": true.");
      case Refusal.NotHeld _, Refusal.AlreadyFinished _ ->
          failed("WRONG_STATE", said, "Look at get_status.");
      case Refusal.UnknownTool e ->
          failed(
              "UNKNOWN_TOOL",
              "Unknown tool: " + e.tool(),
              "Name a tool in params.tool; GET " + base + "/tools lists those served.");
      case Refusal.InvalidArguments e -> fields("params", e.violations());
      case Refusal.BadRequest e ->
          invalid(
              e.message(),
              "Correct " + Objects.requireNonNullElse(e.option(), "the request") + ".");
      case Refusal.QueueFull e -> full(exception, e.retryAfter());
      case Refusal.QueueDraining _ ->
          later("QUEUE_DRAINING", exception, Refusal.QueueDraining.RETRY_AFTER);
      case Refusal.Unavailable _ -> later("UNAVAILABLE", exception, SOON);
      case Refusal.ResultExpired _ -> failed("RESULT_EXPIRED", said, "Add the job again.");
      case Refusal.UnsupportedMethod _,
          Refusal.InvalidParams _,
          Refusal.InvalidFlow _,
          Refusal.UnknownFlow _,
          Refusal.FlowFinished _,
          Refusal.NotDead _,
          Refusal.UnknownQueue _ ->
          failed("FAILED", said, "This API cannot do that; use " + base + "/jobs.");
    };
  }

  /**
   * Names every field that is wrong.
   *
   * @param within the field whose parts the violations are of; empty for the params themselves
   */
  static CommandException fields(String within, List<Violation> violations) {
    ArrayNode errors = JsonNodeFactory.instance.arrayNode();
    List<String> words = new ArrayList<>();
    for (Violation violation : violations) {
      String path = within + violation.path();
      String field = path.startsWith("/") ? path.substring(1) : path;
      errors.addObject().put("field", field).put("message", violation.message());
      words.add(field + " " + violation.message());
    }
    return invalid(String.join("; ", words), "Correct the fields that errors names.")
        .with("errors", errors);
  }

  private static CommandException invalid(String what, String remediation) {
    return CommandException.of(
        CommandException.INVALID_PARAMS,
        "INVALID_PARAMS",
        "Validation error: " + what,
        remediation);
  }

  private static CommandException full(Exception exception, @Nullable Duration wait) {
    String message = String.valueOf(exception.getMessage());
    return wait == null
        ? failed("QUEUE_FULL", message, "Nothing was changed; add fewer jobs at once.")
        : later("QUEUE_FULL", exception, wait);
  }

  private static CommandException later(String kind, Exception exception, Duration wait) {
    long seconds = Math.max(1, wait.toSeconds());
    return failed(
            kind,
            String.valueOf(exception.getMessage()),
            "Nothing was changed as far as is known; try again in " + seconds + " s.")
        .with("retry_after_seconds", JsonNodeFactory.instance.numberNode(seconds));
  }

  /** A job that was started before. */
  static CommandException started(String jobId, JobState state) {
    return state.terminal()
        ? failed(
            "JOB_ENDED",
            "Job " + jobId + " has ended already: it is " + JobStatus.name(state),
            "delete_job it and add_job it again, or add another one.")
        : failed(
            "JOB_RUNNING",
            "Job " + jobId + " is already running: it is " + state.wire(),
            "Wait for its end with get_status, or stop_job it.");
  }

  /** A job that cannot be stopped. */
  static CommandException notRunning(String jobId, JobState state) {
    return failed(
        "JOB_NOT_RUNNING",
        "Job " + jobId + " is not running: it is " + JobStatus.name(state),
        state == JobState.HELD
            ? "It was never started; start_job it, or delete_job it."
            : "It has ended; get_status has how.");
  }

  /** The request names no tool, and there is no default one. */
  static CommandException noTool() {
    return invalid(
        "tool is required",
        "Name a tool in params.tool, or let the operator set " + DefaultTool.SETTING + ".");
  }
}
