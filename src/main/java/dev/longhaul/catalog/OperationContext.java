package dev.longhaul.catalog;

import dev.longhaul.job.Checkpoints;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of the code behind a tool, resource, prompt, completion or list: a call inline, or an
 * attempt of a job. {@link ToolRunner} observes every run, whichever front door it came from.
 *
 * <p>A bean that implements {@code ObservationHandler<OperationContext>} (with {@code
 * supportsContext} testing for this class) is called for each run, in the thread that ran it; in
 * {@code onStop} all fields have their values. It must be quick and must not block.
 */
public final class OperationContext extends Observation.Context {
  /** The name of the observation. */
  public static final String NAME = "longhaul.execution";

  /** {@link #errorType} of a result with {@code isError: true}. */
  public static final String TOOL_ERROR = "tool_error";

  /** {@link #errorType} of a run that its caller cancelled. */
  public static final String CANCELLED = "cancelled";

  /** {@link #errorType} of a run whose worker lost the job's lease or was shut down. */
  public static final String LOST = "lost";

  /** {@link #errorType} of a run that took too long. */
  public static final String TIMEOUT = "timeout";

  /** What was run. */
  public enum Kind {
    TOOL,
    RESOURCE,
    PROMPT,
    COMPLETION,
    /** The list of tools, resources, templates or prompts as a job. */
    LIST;

    /** Its name in metrics, traces and documents. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Kind kind;
  private final String name;
  private final boolean job;
  private final boolean internal;
  private final String id;
  private final int attempt;
  private long durationNanos;
  private long allocatedBytes = -1;
  private @Nullable String errorType;
  private long pausedNanos;
  private Checkpoints checkpoints = Checkpoints.NONE;

  OperationContext(Kind kind, String name, boolean job, boolean internal, String id, int attempt) {
    this.kind = kind;
    this.name = name;
    this.job = job;
    this.internal = internal;
    this.id = id;
    this.attempt = attempt;
    setName(NAME);
    setContextualName((kind == Kind.TOOL ? "execute_tool " : kind.wire() + " ") + name);
  }

  void ended(long nanos, long allocated, @Nullable String error, AttemptContext context) {
    this.checkpoints = context.checkpoints();
    this.pausedNanos = context.paused().toNanos();
    this.durationNanos = nanos;
    this.allocatedBytes = allocated;
    this.errorType = error;
  }

  /** What was run. */
  public Kind kind() {
    return kind;
  }

  /**
   * Its name in the catalogue, never a text of the caller: the name of the tool or prompt, the URI
   * or template of the resource, the method of a list; {@code _OTHER} for what is not there.
   */
  public String name() {
    return name;
  }

  /** Whether it was an attempt of a job; otherwise it ran inline, while its request waited. */
  public boolean job() {
    return job;
  }

  /** Whether it is Longhaul's own work, such as the delivery of a webhook. */
  public boolean internal() {
    return internal;
  }

  /** The id of the job or of the inline call. */
  public String id() {
    return id;
  }

  /** Which attempt of the job it was, from 1. */
  public int attempt() {
    return attempt;
  }

  /** How long it ran, in nanoseconds. */
  public long durationNanos() {
    return durationNanos;
  }

  /** How much of that it waited for answers of its client, in nanoseconds. */
  public long pausedNanos() {
    return pausedNanos;
  }

  /**
   * The bytes that its thread allocated; -1 if unknown, because it ran on a virtual thread. What
   * other threads allocated for it is not counted.
   */
  public long allocatedBytes() {
    return allocatedBytes;
  }

  /**
   * How it failed: {@link #TOOL_ERROR}, {@link #TIMEOUT}, {@link #CANCELLED}, {@link #LOST}, the
   * JSON-RPC code of a refusal, or the class of the exception; null if it did not.
   */
  public @Nullable String errorType() {
    return errorType;
  }

  /** How long the steps took that the tool has told; their names are the author's. */
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /** Whether it failed by itself; a run that was cancelled or lost did not. */
  public boolean failed() {
    return errorType != null && !errorType.equals(CANCELLED) && !errorType.equals(LOST);
  }

  // For spans; metrics are made from the fields. By the semantic conventions for execute_tool
  // spans:
  // docs/gen-ai/gen-ai-spans.md of open-telemetry/semantic-conventions-genai at 0393513.
  KeyValues lowCardinality() {
    KeyValues attributes =
        KeyValues.of("longhaul.execution", job ? "job" : "inline", "longhaul.kind", kind.wire());
    if (kind == Kind.TOOL) {
      attributes =
          attributes.and("gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", name);
    }
    return errorType == null ? attributes : attributes.and("error.type", errorType);
  }

  KeyValues highCardinality() {
    return job
        ? KeyValues.of("longhaul.job.id", id, "longhaul.job.attempt", Integer.toString(attempt))
        : KeyValues.empty();
  }
}
