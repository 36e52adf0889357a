package dev.longhaul.mcp.stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores the messages of one request's event stream, so that a client that lost its connection can
 * resume it (earlier revisions, "Resumability and Redelivery"). A message that cannot be stored is
 * sent without an id.
 */
public interface Journal {

  /** Sets the job that the request waits for; called before {@link #begin}. */
  default void answers(AwaitedJob awaited) {}

  /**
   * Sets the action for when another connection takes the stream over; it runs at most once, in any
   * thread.
   */
  default void onTakenOver(Runnable action) {}

  /**
   * Begins the journal, before the first byte of the stream.
   *
   * @return the priming event; null if the client's revision has none
   */
  @Nullable Priming begin();

  /**
   * Stores a message.
   *
   * @param last whether it ends the stream
   */
  Kept keep(ObjectNode message, boolean last);

  /** Ends the stream without another message. */
  void end();

  /**
   * The result of appending a message.
   *
   * @param id its event id, or null if it was not stored
   * @param here whether to write it to this connection, because no other one has taken the stream
   *     over
   */
  record Kept(@Nullable String id, boolean here) {}
}
