package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longhaul.job.JobId;
import dev.longhaul.schema.Violation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused (RFC 9457).
 *
 * @param violations every place that is wrong, if the request itself is
 * @param retryAfterSeconds when it is worth asking again, if it is
 * @param jobId the job that is in the way, if one is
 */
@Schema(description = "Why a request was refused (RFC 9457).")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    @Schema(description = "A stable URN that names the kind of problem.") String type,
    @Schema(description = "The kind of problem in words.") String title,
    @Schema(description = "The HTTP status, again.") int status,
    @Schema(description = "What happened and what to do about it.") String detail,
    @Schema(description = "Every place of the request that is wrong.")
        @Nullable List<Place> violations,
    @JsonProperty("retry_after_seconds")
        @Schema(description = "When a retry makes sense; also in the Retry-After header.")
        @Nullable Long retryAfterSeconds,
    @JsonProperty("job_id") @Schema(description = "The job that has the idempotency key already.")
        @Nullable String jobId) {

  /** One wrong place. */
  @Schema(name = "Violation", description = "One wrong place in a request.")
  record Place(
      @Schema(
              description = "JSON Pointer into the body, or the name of a query parameter.",
              example = "/params/arguments/path")
          String path,
      @Schema(description = "What is wrong there.") String message) {

    /**
     * The places of violations.
     *
     * @param root where in the request that lies which their paths begin at
     */
    static List<Place> of(String root, List<Violation> violations) {
      return violations.stream().map(v -> new Place(root + v.path(), v.message())).toList();
    }
  }

  static Problem of(ProblemType type, String detail) {
    return new Problem(type.uri(), type.title(), type.status().value(), detail, null, null, null);
  }

  Problem violations(List<Place> places) {
    return new Problem(type, title, status, detail, places, retryAfterSeconds, jobId);
  }

  Problem retryAfter(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return new Problem(type, title, status, detail, violations, seconds, jobId);
  }

  Problem job(JobId job) {
    return new Problem(type, title, status, detail, violations, retryAfterSeconds, job.value());
  }
}
