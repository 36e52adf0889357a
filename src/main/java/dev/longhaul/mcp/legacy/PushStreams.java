package dev.longhaul.mcp.legacy;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The streams that sessions opened with GET, and the one stream of a session of 2024-11-05. A
 * session may have several; what concerns the session as a whole goes to the newest of them alone.
 */
public interface PushStreams {
  /** More than any client has use for; the oldest ends when another one is opened. */
  int PER_SESSION = 4;

  /** A client is connected to a stream, newly or again. */
  void opened(StreamRef stream);

  /** A client has left a stream. */
  void left(StreamRef stream);

  /** The stream that messages to the session go to; empty if it has none. */
  Optional<StreamRef> chosen(String session);

  /** The session has ended. */
  void end(String session);

  /**
   * Sends a message to the session.
   *
   * @return whether it has a stream to be told on
   */
  boolean send(String session, ObjectNode message);
}
