package dev.longhaul.mcp.delivery;

/** Why the wait for a job ended. */
public enum WaitEnd {
  /** The job has ended. */
  FINISHED,
  /** The job asks its client a question that only a new request can answer. */
  INPUT_REQUIRED,
  /** The limit of the wait has passed. */
  TIME_OVER,
  /** The client's connection is lost. */
  CLIENT_GONE,
  /** The client cancelled the request with a notification (earlier revisions only). */
  CLIENT_CANCELLED,
  /** The client cancelled because of its own time-out (earlier revisions only). */
  CLIENT_TIMED_OUT,
  /** The client has resumed the stream on another connection, where the wait continues. */
  TAKEN_OVER,
  /** This process shuts down; the job continues in another process or after the restart. */
  SHUTTING_DOWN
}
