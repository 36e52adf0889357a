package dev.longhaul.mcp.delivery;

/** Why the wait for a job ended. */
public enum WaitEnd {
  /** The job has ended. */
  FINISHED,
  /** The job asks its client, and only a new request can answer. */
  INPUT_REQUIRED,
  /** The time allowed is over. */
  TIME_OVER,
  /** The client's connection is gone. */
  CLIENT_GONE,
  /** The client cancelled the request by a notification (earlier revisions only). */
  CLIENT_CANCELLED,
  /** The client says that its own time-out was over (earlier revisions only). */
  CLIENT_TIMED_OUT,
  /** The client goes on with the stream on another connection, and the wait goes on there. */
  TAKEN_OVER,
  /** This process shuts down; the job goes on elsewhere or after the restart. */
  SHUTTING_DOWN
}
