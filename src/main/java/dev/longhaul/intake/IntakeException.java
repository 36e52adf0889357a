package dev.longhaul.intake;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.tool.Violation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not served. A closed set, so that each front door turns it into its own codes
 * in one exhaustive switch.
 */
public abstract sealed class IntakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private IntakeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** No tool of that name is served. */
  public static final class UnknownTool extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final String tool;

    public UnknownTool(String tool) {
      super("Unknown tool: " + tool, null);
      this.tool = tool;
    }

    public String tool() {
      return tool;
    }
  }

  /** That method cannot be called as a job. */
  public static final class UnsupportedMethod extends IntakeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedMethod(String method) {
      super("The method " + method + " cannot be run as a job; tools/call can.", null);
    }
  }

  /** The request is malformed before any schema is looked at. */
  public static final class BadRequest extends IntakeException {
    private static final long serialVersionUID = 1L;

    public BadRequest(String message) {
      super(message, null);
    }
  }

  /** The arguments break the tool's input schema. */
  public static final class InvalidArguments extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Violation> violations;

    public InvalidArguments(String tool, List<Violation> violations) {
      super("Invalid arguments for tool " + tool + ": " + describe(violations), null);
      this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
      return violations;
    }

    private static String describe(List<Violation> violations) {
      return String.join(
          "; ",
          violations.stream()
              .map(v -> (v.path().isEmpty() ? "" : v.path() + ": ") + v.message())
              .toList());
    }
  }

  /** The caller has no job of that id, or it is forgotten. */
  public static final class UnknownJob extends IntakeException {
    private static final long serialVersionUID = 1L;

    public UnknownJob(String id) {
      super(
          "Unknown job: " + id + ". It never existed, was deleted, or its time to live is over.",
          null);
    }
  }

  /** The job has no result yet. */
  public static final class NotFinished extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient JobState state;

    public NotFinished(JobId id, JobState state) {
      super("Job " + id + " is not finished: it is " + state.wire() + ".", null);
      this.state = state;
    }

    public JobState state() {
      return state;
    }
  }

  /** The job ended, but its result has outlived its time. */
  public static final class ResultExpired extends IntakeException {
    private static final long serialVersionUID = 1L;

    public ResultExpired(JobId id) {
      super(
          "The result of job "
              + id
              + " has expired; only its status is still kept. Results live longhaul.results.ttl.",
          null);
    }
  }

  /** The job is finished already, so it cannot be cancelled. */
  public static final class AlreadyFinished extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient JobState state;

    public AlreadyFinished(JobId id, JobState state) {
      super("Job " + id + " is already finished: it is " + state.wire() + ".", null);
      this.state = state;
    }

    public JobState state() {
      return state;
    }
  }

  /** The queue takes no more for now; nothing was stored. */
  public static final class QueueFull extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient Duration retryAfter;

    public QueueFull(String message, Duration retryAfter, Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The store cannot be reached; trying again is safe. */
  public static final class Unavailable extends IntakeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
