package dev.longhaul.mcp.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One held call on its way to its answer. What is said here lets a repetition of the call find the
 * job; none of it can fail.
 */
interface Holding {
  /** For calls that nobody joins. */
  Holding NOBODY = new Holding() {};

  /** The call lasts for longer than most. */
  default void lasts() {}

  /** The connection is lost; the client may come back. */
  default void lost() {}

  /** The answer was written, and as far as we know it reached the client. */
  default void answered() {}

  /** The client is gone without the answer; the job goes on. */
  default void left() {}

  /** The client is gone without the answer; unless it comes back soon the job is stopped. */
  default void leftForGood() {}

  /** The client cancelled the call: nobody is to join it. */
  default void cancelled() {}

  /** The client got the handle of the operation. */
  default void handedOver() {}

  /** Under which a repetition of the call finds it; null if none may. */
  default @Nullable String digest() {
    return null;
  }

  /** When the first call came whose job this one has joined; null if it is the first. */
  default @Nullable Instant joinedSince() {
    return null;
  }
}
