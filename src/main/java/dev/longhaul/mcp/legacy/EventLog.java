package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event streams of all sessions: bounded logs with one owner each. Owner 0 is the connection on
 * which the call was made; every resumption makes a new owner, and only the current owner writes
 * the stream to a client. All methods throw Spring's {@code DataAccessException} while the store is
 * not available.
 */
public interface EventLog {
  /** How many messages one read returns at most. */
  int PAGE = 64;

  /**
   * Begins a stream.
   *
   * @param fields the data for a resumption, see {@link StreamTakeover}
   */
  default void open(StreamRef stream, Map<String, String> fields) {
    open(stream, fields, Duration.ZERO);
  }

  /**
   * Begins the stream of a call that waits.
   *
   * @param waited how long it has waited
   */
  void open(StreamRef stream, Map<String, String> fields, Duration waited);

  /**
   * Appends a message.
   *
   * @param last whether the stream ends with it
   * @param owner append only if this is the current owner; null to append in any case
   */
  Appended append(StreamRef stream, ObjectNode message, boolean last, @Nullable Long owner);

  /**
   * Appends a notification that concerns the whole session. A new owner starts to send
   * notifications a moment after it has taken the stream over; for changes received until then the
   * previous owner still appends.
   *
   * @param owner append only if this is the owner, or was when the change was received
   * @param since how long ago this process received the change
   */
  Appended appendNotification(StreamRef stream, ObjectNode message, long owner, Duration since);

  /**
   * Ends a stream without a message.
   *
   * @param owner end it only if this is the current owner; null in any case
   */
  void end(StreamRef stream, @Nullable Long owner);

  /**
   * The result of appending a message.
   *
   * @param number its number in the stream, 0 if it was not appended
   * @param owner the stream's owner, -1 if the stream is unknown
   */
  record Appended(long number, long owner) {}

  /** Becomes the owner of a stream; empty if it is unknown. */
  Optional<StreamTakeover> take(StreamRef stream);

  /** The owner of a stream: 0 if it was never taken over or is unknown. */
  long owner(StreamRef stream);

  /**
   * Reads a page of the messages after that number.
   *
   * @param sessionTtl the session's time to live from now on
   */
  Page read(StreamRef stream, long owner, long after, Duration sessionTtl);

  /** The state of a stream as its reader sees it. */
  enum State {
    /** There may be more. */
    OPEN,
    /** These messages were the last. */
    ENDED,
    /** The stream has expired, its session has ended, or it has another owner. */
    LOST
  }

  /**
   * A page of messages.
   *
   * @param first the number of the first of them
   */
  record Page(State state, long first, List<String> messages) {
    boolean full() {
      return messages.size() == PAGE;
    }
  }

  /** Whether the stream is known. */
  boolean exists(StreamRef stream);

  /** Deletes a stream and signals its reader. */
  void delete(StreamRef stream);
}
