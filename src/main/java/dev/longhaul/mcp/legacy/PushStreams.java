package dev.longhaul.mcp.legacy;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The streams that sessions opened with GET, and the only stream of a session of 2024-11-05. A
 * session may have several; notifications of the session go only to the newest.
 */
public interface PushStreams {
  /** The limit per session, more than any client needs; opening another one ends the oldest. */
  int MAX_PER_SESSION = 4;

  /** A client has connected to a stream, new or resumed. */
  void opened(StreamRef stream);

  /** A client has disconnected from a stream. */
  void left(StreamRef stream);

  /** The newest stream of the session; empty if it has none. */
  Optional<StreamRef> newest(String session);

  /** The session has ended. */
  void end(String session);

  /**
   * Sends a message to the session.
   *
   * @return whether it has a stream
   */
  boolean send(String session, ObjectNode message);
}
