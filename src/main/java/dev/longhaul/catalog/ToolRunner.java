package dev.longhaul.catalog;

import com.sun.management.ThreadMXBean;
import dev.longhaul.job.CurrentTrace;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.observation.GuardedObservation;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.tool.Calls;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.RetryLaterException;
import dev.longhaul.tool.ToolRefusedException;
import io.micrometer.observation.ObservationRegistry;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one attempt of a tool and converts its exceptions into failures, for inline calls and for
 * workers.
 */
public final class ToolRunner {
  private static final Logger log = LoggerFactory.getLogger(ToolRunner.class);
  private static final int MAX_MESSAGE = 2_000;

  // Null on a JVM that cannot tell.
  private static final @Nullable ThreadMXBean ALLOCATION =
      ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
              && bean.isThreadAllocatedMemorySupported()
          ? bean
          : null;

  private final JsonMapper json;
  private final ObservationRegistry observations;
  private final OperationNames names;
  private final CurrentTrace trace;

  /** A runner whose runs nobody observes. */
  public ToolRunner(JsonMapper json) {
    this(json, ObservationRegistry.NOOP, OperationNames.NONE, CurrentTrace.AS_GIVEN);
  }

  ToolRunner(
      JsonMapper json, ObservationRegistry observations, OperationNames names, CurrentTrace trace) {
    this.json = json;
    this.observations = observations;
    this.names = names;
    this.trace = trace;
  }

  /**
   * Runs the tool in this thread.
   *
   * @param params the params of tools/call, arguments already validated
   */
  public Attempt run(Tool tool, ObjectNode params, AttemptContext context) {
    return observations.isNoop()
        ? attempt(tool, params, context, null)
        : observed(tool, params, context);
  }

  /** Runs an attempt of a job, which runs a tool, within its observation. */
  public void attempt(JobRun job, Runnable attempt) {
    try (var observation = GuardedObservation.start(JobRun.NAME, job, observations)) {
      try {
        attempt.run();
      } catch (RuntimeException | Error e) {
        observation.error(e);
        throw e;
      }
    }
  }

  private Attempt observed(Tool tool, ObjectNode params, AttemptContext context) {
    OperationContext operation = names.operation(tool, params, context);
    try (var observation =
        GuardedObservation.start(OperationContext.NAME, operation, observations)) {
      long allocated = allocated();
      long from = System.nanoTime();
      trace(context);
      Attempt attempt = attempt(tool, params, context, observation);
      long nanos = System.nanoTime() - from;
      operation.ended(
          nanos,
          allocated < 0 ? -1 : allocated() - allocated,
          errorType(attempt, context),
          context);
      if (operation.failed() && operation.getError() == null) {
        observation.error(new FailedOperationException(operation.errorType()));
      }
      operation.addLowCardinalityKeyValues(operation.lowCardinality());
      operation.addHighCardinalityKeyValues(operation.highCardinality());
      return attempt;
    }
  }

  private void trace(AttemptContext context) {
    Map<String, String> given = context.client().trace();
    try {
      Map<String, String> run = trace.of(given);
      if (!run.equals(given)) {
        context.traced(run);
      }
    } catch (RuntimeException e) {
      log.debug("The trace of {} could not be read; the run keeps its client's", context.id(), e);
    }
  }

  // The bytes that this thread has allocated so far; -1 on a virtual thread.
  private static long allocated() {
    return ALLOCATION == null ? -1 : ALLOCATION.getCurrentThreadAllocatedBytes();
  }

  private static @Nullable String errorType(Attempt attempt, AttemptContext context) {
    return switch (attempt) {
      case Attempt.Ended(Outcome.Answered answered) ->
          answered.isError() ? OperationContext.TOOL_ERROR : null;
      case Attempt.Ended(Outcome.Refused refused) -> Integer.toString(refused.code());
      case Attempt.Ended _ -> null;
      case Attempt.Failed failed -> failed.error().type();
      case Attempt.NeedsInput _ -> null;
      case Attempt.Stopped _ ->
          switch (context.stopped().orElse(AttemptContext.Stop.TIMED_OUT)) {
            case CANCELLED -> OperationContext.CANCELLED;
            case TIMED_OUT -> OperationContext.TIMEOUT;
            case LOST -> OperationContext.LOST;
          };
    };
  }

  private Attempt attempt(
      Tool tool,
      ObjectNode params,
      AttemptContext context,
      @Nullable GuardedObservation observation) {
    ObjectNode arguments = object(params.path("arguments"));
    context.running(tool.name());
    ToolCall call = new ToolCall(tool.name(), arguments, object(params.path("_meta")), context);
    try {
      ObjectNode result = Calls.run(context, () -> tool.handler().call(call));
      // Even if the tool caught the exception: its result is not valid before the questions are
      // answered.
      if (context.needed().isPresent()) {
        return new Attempt.NeedsInput(context.needed().get());
      }
      boolean isError = result.path("isError").asBoolean(false);
      return new Attempt.Ended(new Outcome.Answered(json.writeValueAsString(result), isError));
    } catch (ToolRefusedException e) {
      JsonNode data = e.data();
      return new Attempt.Ended(
          new Outcome.Refused(
              e.code(), message(e), data == null ? null : json.writeValueAsString(data)));
    } catch (Throwable e) {
      // Ends the process on an OutOfMemoryError, after which nothing is reliable.
      OutOfMemory.met(e);
      if (observation != null) {
        observation.error(e);
      }
      // Any other Throwable of a tool, even an Error, ends the attempt but never the worker.
      return failed(tool, context, e);
    }
  }

  private static Attempt failed(Tool tool, AttemptContext context, Throwable thrown) {
    if (context.needed().isPresent()) {
      return new Attempt.NeedsInput(context.needed().get());
    }
    if (context.stopped().isPresent()
        || (thrown instanceof JobStoppedException && context.cancelled())) {
      return new Attempt.Stopped();
    }
    if (thrown instanceof OutcomeUnknownException) {
      log.info(
          "The outcome of job {} ({}) is unknown: {}", context.id(), tool.name(), message(thrown));
      return new Attempt.Ended(
          new Outcome.GivenUp(
              JobError.outcomeUnknown("upstream_lost", message(thrown)),
              context.partial().orElse(null)));
    }
    if (thrown instanceof NotBegunException busy) {
      log.debug("Job {} ({}) could not begin: {}", context.id(), tool.name(), message(thrown));
      return new Attempt.Failed(error(thrown, false), true, busy.after(), false);
    }
    log.info(
        "Attempt {} of job {} ({}) failed with {}; its retry policy decides whether it is retried",
        context.attempt(),
        context.id(),
        tool.name(),
        thrown.getClass().getName());
    log.debug("The failure of job {}", context.id(), thrown);
    boolean permanent =
        thrown instanceof PermanentFailureException
            || thrown instanceof LinkageError
            || tool.policy().permanent().contain(thrown);
    return new Attempt.Failed(
        error(thrown, permanent),
        !permanent,
        thrown instanceof RetryLaterException later ? later.after() : null);
  }

  private static JobError error(Throwable thrown, boolean permanent) {
    if (thrown instanceof InvalidOutputException) {
      return new JobError(
          JobError.INVALID_OUTPUT,
          "output_schema",
          message(thrown),
          "This is a fault of the tool, not of the call; tell the operator of the server.");
    }
    return new JobError(
        JobError.TOOL_FAILED,
        type(thrown),
        message(thrown),
        permanent
            ? "A retry with the same arguments will fail too; change them as the message says."
            : "Call the tool again later, or with other arguments; the operator finds the cause in"
                + " the worker's log.");
  }

  // The cause is more informative than PermanentFailureException.
  private static String type(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return (thrown instanceof PermanentFailureException && cause != null ? cause : thrown)
        .getClass()
        .getSimpleName();
  }

  private static String message(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      message = "The tool failed with " + thrown.getClass().getSimpleName() + ".";
    }
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }

  private ObjectNode object(JsonNode node) {
    return node.isObject() ? (ObjectNode) node : json.createObjectNode();
  }
}
