package dev.longhaul.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outcome of a job, of which exactly one is accepted. */
public sealed interface Outcome {

  /** The state a job with this outcome is in. */
  JobState state();

  /** The partial result of a job that ended without a result. */
  default Optional<Partial> left() {
    return switch (this) {
      case Answered _, Refused _ -> Optional.empty();
      case Failed failed -> Optional.ofNullable(failed.partial());
      case GivenUp givenUp -> Optional.ofNullable(givenUp.partial());
      case Cancelled cancelled -> Optional.ofNullable(cancelled.partial());
    };
  }

  /**
   * The tool returned a result.
   *
   * @param json the result object of the method (for tools/call a CallToolResult), as JSON
   * @param isError whether the result has {@code isError: true}
   */
  record Answered(String json, boolean isError) implements Outcome {
    @Override
    public JobState state() {
      return JobState.COMPLETED;
    }
  }

  /**
   * The request was refused with a JSON-RPC error.
   *
   * @param code the JSON-RPC error code
   * @param message the error's message
   * @param dataJson the error's data as JSON, or null
   */
  record Refused(int code, String message, @Nullable String dataJson) implements Outcome {
    @Override
    public JobState state() {
      return JobState.FAILED;
    }
  }

  /**
   * The job failed without a further attempt: it timed out, its failure is permanent, or it was
   * held for too long.
   */
  record Failed(JobError error, @Nullable Partial partial) implements Outcome {
    @Override
    public JobState state() {
      return JobState.FAILED;
    }
  }

  /** Dead: attempts exhausted by exceptions, or the worker was lost. It can be replayed. */
  record GivenUp(JobError error, @Nullable Partial partial) implements Outcome {
    @Override
    public JobState state() {
      return JobState.DEAD;
    }
  }

  /** The job was cancelled, with the tool's partial result. */
  record Cancelled(@Nullable Partial partial) implements Outcome {
    @Override
    public JobState state() {
      return JobState.CANCELLED;
    }
  }
}
