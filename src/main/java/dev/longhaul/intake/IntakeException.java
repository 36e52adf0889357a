package dev.longhaul.intake;

import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.schema.NearestName;
import dev.longhaul.schema.Violation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
      super(describe(method), null);
    }

    private static String describe(String method) {
      List<String> known =
          Stream.concat(Stream.of(Submission.TOOLS_CALL), ServedMethods.NAMES.stream()).toList();
      String shown = method.length() <= 100 ? method : method.substring(0, 100) + "…";
      return "The method "
          + shown
          + " cannot be run as a job. "
          + NearestName.nearest(shown, known).map(near -> "Did you mean " + near + "? ").orElse("")
          + "These can: "
          + String.join(", ", known)
          + ".";
    }
  }

  /** The request is malformed before any schema is looked at, or asks for what is not allowed. */
  public static final class BadRequest extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final @Nullable String option;

    public BadRequest(String message) {
      super(message, null);
      this.option = null;
    }

    /**
     * @param option which of {@link OptionsReader#NAMES}, or of its like, asks for too much
     */
    public BadRequest(String option, String message) {
      super(message, null);
      this.option = option;
    }

    /** The option that is at fault, or null if none is. */
    public @Nullable String option() {
      return option;
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

    static String describe(List<Violation> violations) {
      return String.join(
          "; ",
          violations.stream()
              .map(v -> (v.path().isEmpty() ? "" : v.path() + ": ") + v.message())
              .toList());
    }
  }

  /** The params of a method that calls no tool are wrong, or name what is not served. */
  public static final class InvalidParams extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Violation> violations;

    /**
     * @param violations by JSON Pointer into the params
     */
    public InvalidParams(String method, List<Violation> violations) {
      super("Invalid params for " + method + ": " + InvalidArguments.describe(violations), null);
      this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
      return violations;
    }
  }

  /** A batch or chain is not what it should be; nothing was stored. */
  public static final class InvalidFlow extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final boolean malformed;
    private final transient List<Violation> violations;

    /**
     * @param malformed whether its shape is wrong already, and not only what it asks for
     * @param violations by JSON Pointer into its definition
     */
    public InvalidFlow(boolean malformed, List<Violation> violations) {
      super(InvalidArguments.describe(violations), null);
      this.malformed = malformed;
      this.violations = List.copyOf(violations);
    }

    public boolean malformed() {
      return malformed;
    }

    public List<Violation> violations() {
      return violations;
    }
  }

  /** The caller has no batch or chain of that id, or it is forgotten. */
  public static final class UnknownFlow extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient FlowKind kind;

    public UnknownFlow(FlowKind kind, String id) {
      super(
          "Unknown "
              + kind.wire()
              + ": "
              + id
              + ". It never existed, is of the other kind, or its time to live is over.",
          null);
      this.kind = kind;
    }

    public FlowKind kind() {
      return kind;
    }
  }

  /** The batch or chain is finished already, so it cannot be cancelled. */
  public static final class FlowFinished extends IntakeException {
    private static final long serialVersionUID = 1L;

    public FlowFinished(FlowKind kind, JobId id, FlowState state) {
      super(
          "The " + kind.wire() + " " + id + " is already finished: it is " + state.wire() + ".",
          null);
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

  /** The job is not held, so it cannot be started. */
  public static final class NotHeld extends IntakeException {
    private static final long serialVersionUID = 1L;

    public NotHeld(JobId id, JobState state) {
      super("Job " + id + " is not held: it is " + state.wire() + ".", null);
    }
  }

  /** The job is not dead, so it is no dead letter. */
  public static final class NotDead extends IntakeException {
    private static final long serialVersionUID = 1L;

    public NotDead(JobId id, JobState state) {
      super("Job " + id + " is not dead: it is " + state.wire() + ".", null);
    }
  }

  /** No tool has a queue of that name, and no job was ever in it. */
  public static final class UnknownQueue extends IntakeException {
    private static final long serialVersionUID = 1L;

    public UnknownQueue(String name) {
      super("Unknown queue: " + name + ". No tool uses it and no job was ever in it.", null);
    }
  }

  /** The idempotency key was used before with other arguments; nothing was stored. */
  public static final class IdempotencyConflict extends IntakeException {
    private static final long serialVersionUID = 1L;
    private final transient JobId known;

    public IdempotencyConflict(IdempotencyConflictException cause) {
      super(String.valueOf(cause.getMessage()), cause);
      this.known = cause.known();
    }

    /** The caller's job that has the key. */
    public JobId known() {
      return known;
    }
  }

  /** The operator lets the queue run empty; nothing was stored. */
  public static final class QueueDraining extends IntakeException {
    private static final long serialVersionUID = 1L;

    /** When it is worth trying again; nobody knows better, for a person ends it. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    public QueueDraining(QueueDrainingException cause) {
      super(String.valueOf(cause.getMessage()), cause);
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

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
