package dev.longhaul.mcp.delivery;

/** What is done for the client when a wait has ended. */
public enum NextStep {
  /** Send the result. */
  RESULT,
  /** Send the questions; the request that brings the answers goes on with the job. */
  QUESTIONS,
  /** Hand the id over, then send a task. */
  TASK,
  /** Hand the id over, then send a result that says how to go on. */
  HAND_OVER,
  /** Send nothing, and cancel the job unless others want it. */
  ABANDON,
  /** Send nothing; the job goes on. */
  LEAVE,
  /** Nothing: somebody else does it. */
  NOTHING;

  /**
   * Decides it.
   *
   * @param asTask whether the client takes tasks
   * @param disconnectCancels whether the client's revision makes a disconnect a cancel
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
