package dev.longhaul.mcp.stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps what goes out on the event stream of one request, so that a client that lost its connection
 * gets the rest on another one (earlier revisions, "Resumability and Redelivery"). What it cannot
 * keep is sent all the same, without an id.
 */
public interface Journal {

  /** What its request waits for from now on; said before it begins, if it is so. */
  default void answers(Awaited awaited) {}

  /**
   * What to do when another connection takes the stream over; called at most once, from any thread.
   */
  default void onTakenOver(Runnable action) {}

  /**
   * Begins it, before the first byte of the stream.
   *
   * @return the event with empty data that the stream begins with; null to begin without one,
   *     because the client's revision does not know it
   */
  @Nullable Priming begin();

  /**
   * Keeps a message.
   *
   * @param last whether it ends the stream
   */
  Kept keep(ObjectNode message, boolean last);

  /** The stream ends without another message. */
  void end();

  /**
   * What became of a message.
   *
   * @param id its event id, or null if it could not be kept
   * @param here whether to write it to this connection: no other one has taken the stream over
   */
  record Kept(@Nullable String id, boolean here) {}
}
