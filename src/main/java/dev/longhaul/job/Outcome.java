package dev.longhaul.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a job ended. Exactly one is accepted per job; each front door says what it makes of it. */
public sealed interface Outcome {

  /** The state a job with this outcome is in. */
  JobState state();

  /** What the tool had produced when it ended without a result, if it said so. */
  default Optional<Partial> left() {
    return switch (this) {
      case Answered _, Refused _ -> Optional.empty();
      case Failed failed -> Optional.ofNullable(failed.partial());
      case GivenUp givenUp -> Optional.ofNullable(givenUp.partial());
      case Cancelled cancelled -> Optional.ofNullable(cancelled.partial());
    };
  }

  /**
   * The tool answered.
   *
   * @param json the result object of the method (for tools/call a CallToolResult), as JSON
   * @param isError whether that result says {@code isError: true}; it is an outcome all the same
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
   * Another attempt would not help or may not be made: the time ran out, the tool said that its
   * failure is permanent, or the job was held for too long.
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

  /** Cancelled, with what the tool had reported until then. */
  record Cancelled(@Nullable Partial partial) implements Outcome {
    @Override
    public JobState state() {
      return JobState.CANCELLED;
    }
  }
}
