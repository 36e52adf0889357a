package dev.longhaul.mcp.delivery;

/** The next step for the client when a wait has ended. */
public enum NextStep {
  /** Send the result. */
  RESULT,
  /** Send the questions; the request that brings the answers continues the job. */
  QUESTIONS,
  /** Hand the job over and send a task. */
  TASK,
  /** Hand the job over and send a result that says how to continue. */
  HAND_OVER,
  /** Send nothing; cancel the job unless another client waits for it. */
  ABANDON,
  /** Send nothing; the job continues. */
  LEAVE,
  /** Nothing: another connection has taken over. */
  NOTHING;

  /**
   * Chooses the next step.
   *
   * @param asTask whether the client declared tasks
   * @param disconnectCancels whether a disconnect cancels the request on the client's revision
   */
  public static NextStep after(WaitEnd end, boolean asTask, boolean disconnectCancels) {
    return switch (end) {
      case FINISHED -> RESULT;
      case INPUT_REQUIRED -> QUESTIONS;
      case TIME_OVER, SHUTTING_DOWN -> asTask ? TASK : HAND_OVER;
      case CLIENT_GONE -> disconnectCancels ? ABANDON : LEAVE;
      case CLIENT_CANCELLED -> ABANDON;
      case CLIENT_TIMED_OUT -> LEAVE;
      case TAKEN_OVER -> NOTHING;
    };
  }
}
