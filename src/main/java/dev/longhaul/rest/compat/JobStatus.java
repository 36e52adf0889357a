package dev.longhaul.rest.compat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job as queuemgr shows it, with its names of fields and statuses, times in seconds since 1970,
 * progress in per cent. Fields without a value are left out.
 */
final class JobStatus {
  /** The key of a job's name in its metadata. */
  static final String NAME = "queuemgr_job_id";

  /** A larger result is read in pages, at result_url. */
  private static final int LONGEST_RESULT = 100_000;

  private static final double MILLIS = 1_000.0;

  private JobStatus() {}

  /** The status as queuemgr names it. */
  static String name(JobState state) {
    return switch (state) {
      case HELD, QUEUED, SCHEDULED -> "pending";
      case RUNNING, INPUT_REQUIRED -> "running";
      case COMPLETED -> "completed";
      case FAILED, DEAD -> "error";
      case CANCELLED -> "stopped";
    };
  }

  /**
   * The job without its result.
   *
   * @param resultUrl where its result is, once it has ended
   */
  static ObjectNode of(Job job, String resultUrl) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("job_id", job.metadata().getOrDefault(NAME, job.id().value()));
    status.put("status", name(job.state()));
    status.put("is_running", name(job.state()).equals("running"));
    Double fraction = job.progress().fraction();
    boolean completed = job.state() == JobState.COMPLETED;
    status.put("progress", completed ? 100 : (int) ((fraction == null ? 0 : fraction) * 100));
    if (job.progress().message() != null) {
      status.put("description", job.progress().message());
    }
    time(status, "created_at", job.times().createdAt());
    time(status, "updated_at", job.times().updatedAt());
    time(status, "started_at", job.times().startedAt());
    time(status, "completed_at", job.times().finishedAt());
    status.put("tool", job.tool()).put("operation_id", job.id().value());
    if (job.error() != null) {
      status.set("error", error(job.error()));
    }
    if (job.state().terminal()) {
      status.put("result_url", resultUrl);
    }
    return status;
  }

  /** Adds how the job ended, unless that is too large. */
  static void end(ObjectNode status, Outcome outcome, JsonMapper json) {
    switch (outcome) {
      case Outcome.Answered answered -> {
        if (answered.json().length() <= LONGEST_RESULT) {
          status.set("result", result(json.readTree(answered.json())));
        }
      }
      case Outcome.Failed failed -> partial(status, failed.partial(), json);
      case Outcome.GivenUp givenUp -> partial(status, givenUp.partial(), json);
      case Outcome.Cancelled cancelled -> partial(status, cancelled.partial(), json);
      case Outcome.Refused refused ->
          status.putObject("error").put("code", refused.code()).put("message", refused.message());
    }
  }

  /** The structured content, or the whole result without it. */
  private static JsonNode result(JsonNode result) {
    return result.has("structuredContent") ? result.path("structuredContent") : result;
  }

  private static void partial(ObjectNode status, @Nullable Partial partial, JsonMapper json) {
    if (partial != null && partial.json().length() <= LONGEST_RESULT) {
      ObjectNode node = status.putObject("partial");
      node.set("value", json.readTree(partial.json()));
      node.put("processed", partial.processed());
      node.put("total", partial.total()).put("remaining", partial.remaining());
    }
  }

  private static ObjectNode error(JobError error) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("code", error.code())
        .put("type", error.type())
        .put("message", error.message())
        .put("remediation", error.remediation());
  }

  private static void time(ObjectNode status, String name, @Nullable Instant time) {
    if (time != null) {
      status.put(name, time.toEpochMilli() / MILLIS);
    }
  }
}
