package dev.longhaul.job;

/**
 * Why a job ended without a result, in words for a person and a model.
 *
 * @param code a stable upper-case code, one of the constants here or a tool's own
 * @param type the kind of failure, such as an exception's simple class name
 * @param message what happened
 * @param remediation what to do about it
 */
public record JobError(String code, String type, String message, String remediation) {
  /** Every attempt ended with an exception. */
  public static final String TOOL_FAILED = "TOOL_FAILED";

  /** The tool's result violates its own output schema. */
  public static final String INVALID_OUTPUT = "INVALID_OUTPUT";

  /** The attempt ran longer than its time-out. */
  public static final String TIMEOUT = "TIMEOUT";

  /** A worker was lost in the middle and the tool may not be repeated. */
  public static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

  /** The job took down or lost too many workers. */
  public static final String POISON = "POISON";

  /**
   * The job has missed its deadline, no further attempt could start in time, or it was held for too
   * long.
   */
  public static final String DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED";

  /** The job was cancelled. */
  public static final String CANCELLED = "CANCELLED";

  /** The request itself was refused with a JSON-RPC error. */
  public static final String PROTOCOL_ERROR = "PROTOCOL_ERROR";

  /**
   * A template of a step of a chain could not be filled, or the filled arguments violate the
   * schema.
   */
  public static final String TEMPLATE_ERROR = "TEMPLATE_ERROR";

  /** A step could not start, because its templates could not be filled. */
  public static JobError template(String message) {
    return new JobError(
        TEMPLATE_ERROR,
        "template",
        message,
        "Read the results of the steps before, correct the templates, and submit the chain again.");
  }

  /** The job was cancelled. */
  public static JobError cancelled() {
    return new JobError(
        CANCELLED,
        "cancelled",
        "The job was cancelled.",
        "Submit it again if its result is still wanted.");
  }

  /** The method ended with a JSON-RPC error, which has this text. */
  public static JobError refused(String message) {
    return new JobError(
        PROTOCOL_ERROR,
        "json_rpc",
        message,
        "Correct the request; repeating it unchanged will fail again.");
  }

  public static JobError timeout(long timeoutMillis) {
    return new JobError(
        TIMEOUT,
        "timeout",
        "The tool did not finish within its time-out of " + timeoutMillis / 1000.0 + " s.",
        "Ask for less work in one call, or for a longer time-out, and call the tool again.");
  }

  /** The worker was lost. */
  public static JobError outcomeUnknown() {
    return outcomeUnknown(
        "worker_lost",
        "The worker that ran this call was lost before it could report; the call may or may not"
            + " have had its effect.");
  }

  /**
   * It is not known whether the call had its effect.
   *
   * @param type what was lost
   * @param message what happened
   */
  public static JobError outcomeUnknown(String type, String message) {
    return new JobError(
        OUTCOME_UNKNOWN,
        type,
        message,
        "Check the effect first; call the tool again only if it is safe to repeat.");
  }
}
