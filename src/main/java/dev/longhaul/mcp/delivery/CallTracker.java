package dev.longhaul.mcp.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records the progress of one held call, so that a repetition of the call finds its job. No method
 * throws.
 */
interface CallTracker {
  /** For calls that cannot be joined. */
  CallTracker NONE = new CallTracker() {};

  /** The call has lasted longer than most calls; only then is it stored. */
  default void longRunning() {}

  /** The connection is lost; the client may resume. */
  default void connectionLost() {}

  /** The response was written and, as far as known, received. */
  default void responseDelivered() {}

  /** The client left without the response; the job continues. */
  default void clientLeft() {}

  /**
   * The client left without the response; the job is cancelled unless the call is repeated within
   * the grace period.
   */
  default void clientDisconnected() {}

  /** The client cancelled the call; it cannot be joined any more. */
  default void cancelled() {}

  /** The client got the operation's id. */
  default void handedOver() {}

  /** The digest under which a repetition finds this call; null if it cannot be joined. */
  default @Nullable String digest() {
    return null;
  }

  /** The time of the call whose job this call has joined; null if it has joined none. */
  default @Nullable Instant joinedSince() {
    return null;
  }
}
