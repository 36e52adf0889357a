package dev.longhaul.intake;

import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.schema.NearestName;
import dev.longhaul.schema.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not served. {@code mcp.wire.Failures}, {@code rest.RestErrors} and {@code
 * rest.compat.CommandErrors} map the refusals to their error codes in exhaustive switches.
 */
public sealed interface Refusal {

  /** What is wrong and, if possible, what to do about it. */
  String message();

  /** Its name in metrics, such as {@code unknown_job}. */
  default String reason() {
    return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** There is no tool with that name. */
  record UnknownTool(String tool) implements Refusal {
    @Override
    public String message() {
      return "Unknown tool: " + tool;
    }
  }

  /** That method cannot be called as a job. */
  record UnsupportedMethod(String method) implements Refusal {
    private static final int LONGEST = 100;

    @Override
    public String message() {
      List<String> known =
          Stream.concat(Stream.of(Submission.TOOLS_CALL), ServedMethods.NAMES.stream()).toList();
      String shown = method.length() <= LONGEST ? method : method.substring(0, LONGEST) + "…";
      return "The method "
          + shown
          + " cannot be run as a job. "
          + NearestName.nearest(shown, known).map(near -> "Did you mean " + near + "? ").orElse("")
          + "These can: "
          + String.join(", ", known)
          + ".";
    }
  }

  /**
   * The request is malformed, or asks for something that is not allowed.
   *
   * @param option the option of a job that is wrong, or null if it is something else
   */
  record BadRequest(@Nullable String option, String message) implements Refusal {
    public BadRequest(String message) {
      this(null, message);
    }
  }

  /**
   * The arguments break the tool's input schema.
   *
   * @param violations by JSON Pointer into the arguments
   */
  record InvalidArguments(String tool, List<Violation> violations) implements Refusal {
    public InvalidArguments {
      violations = List.copyOf(violations);
    }

    @Override
    public String message() {
      return "Invalid arguments for tool " + tool + ": " + described(violations);
    }
  }

  /**
   * The params of a method other than tools/call are wrong, or name something that does not exist.
   *
   * @param violations by JSON Pointer into the params
   */
  record InvalidParams(String method, List<Violation> violations) implements Refusal {
    public InvalidParams {
      violations = List.copyOf(violations);
    }

    @Override
    public String message() {
      return "Invalid params for " + method + ": " + described(violations);
    }
  }

  /**
   * The definition of a batch or chain is invalid; nothing was stored.
   *
   * @param malformed whether its structure is wrong, and not only its values
   * @param violations by JSON Pointer into its definition
   */
  record InvalidFlow(boolean malformed, List<Violation> violations) implements Refusal {
    public InvalidFlow {
      violations = List.copyOf(violations);
    }

    @Override
    public String message() {
      return described(violations);
    }
  }

  /** The caller has no batch or chain with that id, or it has expired. */
  record UnknownFlow(FlowKind kind, String id) implements Refusal {
    @Override
    public String message() {
      return "Unknown "
          + kind.wire()
          + ": "
          + id
          + ". It never existed, is of the other kind, or its time to live is over.";
    }
  }

  /** The batch or chain has already ended, so it cannot be cancelled. */
  record FlowFinished(FlowKind kind, JobId id, FlowState state) implements Refusal {
    @Override
    public String message() {
      return "The " + kind.wire() + " " + id + " is already finished: it is " + state.wire() + ".";
    }

    @Override
    public String reason() {
      return "already_finished";
    }
  }

  /** The caller has no job with that id, or it has expired. */
  record UnknownJob(String id) implements Refusal {
    @Override
    public String message() {
      return "Unknown job: " + id + ". It never existed, was deleted, or its time to live is over.";
    }
  }

  /** The job has no result yet. */
  record NotFinished(JobId id, JobState state) implements Refusal {
    @Override
    public String message() {
      return "Job " + id + " is not finished: it is " + state.wire() + ".";
    }
  }

  /** The job has ended, but its result has expired. */
  record ResultExpired(JobId id) implements Refusal {
    @Override
    public String message() {
      return "The result of job "
          + id
          + " has expired; only its status is still kept. Results live longhaul.results.ttl.";
    }
  }

  /** The job has already ended, so it cannot be cancelled. */
  record AlreadyFinished(JobId id, JobState state) implements Refusal {
    @Override
    public String message() {
      return "Job " + id + " is already finished: it is " + state.wire() + ".";
    }
  }

  /** The job is not held, so it cannot be started. */
  record NotHeld(JobId id, JobState state) implements Refusal {
    @Override
    public String message() {
      return "Job " + id + " is not held: it is " + state.wire() + ".";
    }
  }

  /** The job is not dead, so it cannot be replayed or dropped. */
  record NotDead(JobId id, JobState state) implements Refusal {
    @Override
    public String message() {
      return "Job " + id + " is not dead: it is " + state.wire() + ".";
    }
  }

  /** No tool uses a queue with that name, and no job was ever in it. */
  record UnknownQueue(String name) implements Refusal {
    @Override
    public String message() {
      return "Unknown queue: " + name + ". No tool uses it and no job was ever in it.";
    }
  }

  /**
   * The idempotency key was used before with other arguments; nothing was stored.
   *
   * @param known the caller's job that has the key
   */
  record IdempotencyConflict(String message, JobId known) implements Refusal {}

  /** The operator drains the queue; nothing was stored. */
  record QueueDraining(String message) implements Refusal {
    /** When to try again; an estimate, because the operator ends the drain by hand. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  }

  /**
   * The queue is full; nothing was stored.
   *
   * @param retryAfter after what time a retry makes sense, null if it never does
   */
  record QueueFull(String message, @Nullable Duration retryAfter) implements Refusal {}

  /** The store cannot be reached; trying again is safe. */
  record Unavailable(String message) implements Refusal {}

  private static String described(List<Violation> violations) {
    return String.join(
        "; ",
        violations.stream()
            .map(v -> (v.path().isEmpty() ? "" : v.path() + ": ") + v.message())
            .toList());
  }
}
