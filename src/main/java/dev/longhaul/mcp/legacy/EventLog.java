package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event streams of all sessions: bounded logs with one owner each. Owner 0 is the connection a
 * call came on; whoever resumes a stream becomes its next owner, and from then on nobody else
 * writes it to a client. All methods throw Spring's {@code DataAccessException} while the store
 * cannot be reached.
 */
public interface EventLog {
  /** How many messages are read at once. */
  int PAGE = 64;

  /**
   * Begins a stream.
   *
   * @param fields what whoever resumes it must know, see {@link Taken}
   */
  default void open(StreamRef stream, Map<String, String> fields) {
    open(stream, fields, Duration.ZERO);
  }

  /**
   * Begins the stream of a call that waits.
   *
   * @param waited for how long it has waited
   */
  void open(StreamRef stream, Map<String, String> fields, Duration waited);

  /**
   * Appends a message.
   *
   * @param last whether the stream ends with it
   * @param owner append only while this one owns the stream; null for whoever does
   */
  Appended append(StreamRef stream, ObjectNode message, boolean last, @Nullable Long owner);

  /**
   * Appends what has changed for the session as a whole. Whoever takes a stream over knows a moment
   * later that he has to tell it; of what was heard until then the owner before tells it.
   *
   * @param owner append only if this one owns the stream, or has owned it when the change came
   * @param since how long ago this process heard of the change
   */
  Appended tell(StreamRef stream, ObjectNode message, long owner, Duration since);

  /**
   * Ends a stream without a message.
   *
   * @param owner only while this one owns the stream; null for whoever does
   */
  void end(StreamRef stream, @Nullable Long owner);

  /**
   * What became of a message.
   *
   * @param number its number in the stream, 0 if it was not appended
   * @param owner who owns the stream, -1 if it is unknown
   */
  record Appended(long number, long owner) {}

  /** Becomes the owner of a stream; empty if it is unknown. */
  Optional<Taken> take(StreamRef stream);

  /** Who owns a stream: 0 as long as nobody has taken it over, or if it is unknown. */
  long owner(StreamRef stream);

  /**
   * Reads the messages after the one of that number, some at a time.
   *
   * @param sessionTtl how long the session outlives this
   */
  Page read(StreamRef stream, long owner, long after, Duration sessionTtl);

  /** What whoever reads a stream has before him. */
  enum State {
    /** There may be more. */
    OPEN,
    /** These messages were the last. */
    ENDED,
    /** The stream is forgotten, its session has ended, or somebody else has taken it over. */
    LOST
  }

  /**
   * Some messages.
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

  /** Forgets a stream; who reads it notices. */
  void delete(StreamRef stream);
}
