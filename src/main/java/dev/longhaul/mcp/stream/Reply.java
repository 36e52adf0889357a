package dev.longhaul.mcp.stream;

import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The way back to the client of one request. Exactly one of the {@code finish} methods ends it. A
 * client that is gone causes no exception: it is told by {@link #gone} and {@link #onGone}.
 */
public interface Reply {

  /** Whether messages can go out before the answer: the client takes an event stream. */
  boolean canStream();

  /** Begins the event stream after a while unless the request has ended by then. */
  void openAfter(Duration quiet);

  /** Sends a message that belongs to this request before its answer. */
  void send(ObjectNode notification);

  /**
   * Sends the answer and ends the reply.
   *
   * @param httpStatus used only if no stream was begun
   */
  void finish(int httpStatus, ObjectNode message);

  /**
   * Answers that the request has failed, see {@link Failures#of}.
   *
   * @param id of the request; null if it could not be read
   */
  default void fail(@Nullable JsonNode id, Throwable failure) {
    RpcException known = Failures.of(failure);
    finish(known.httpStatus(), Replies.error(id, known.error()));
  }

  /**
   * Makes the event stream one that can be resumed: from now on a client that is gone is expected
   * back, so nobody is told. Before the stream begins only.
   */
  default void keepIn(Journal journal) {}

  /** What the request waits for from now on; said before the stream begins. */
  default void answers(Awaited awaited) {}

  /**
   * Ends the connection but not the reply, if the client can come back for the rest; otherwise
   * nothing happens.
   */
  default void release() {}

  /** Ends the reply without a message: 202, or the end of the stream. */
  void finishSilently();

  /**
   * Writes something that clients ignore, if the event stream has begun. To the first write after a
   * client has left its end answers that it is gone; the next one fails of that.
   */
  default void probe() {}

  /** Whether the client was found to have left. It is noticed on writing only. */
  boolean gone();

  /** What to do when the client is found to have left; called at most once. */
  void onGone(Runnable action);

  /**
   * What to do when the connection is lost, also if the client is expected to come back; called at
   * most once.
   */
  default void onLost(Runnable action) {}

  /**
   * What to do when the client goes on with the stream on another connection; called at most once.
   * A call that waits for a job then goes on there as well, and nothing that is written here
   * reaches the client any more.
   */
  default void onTakenOver(Runnable action) {}

  /** Whether the client went on with the stream on another connection. */
  default boolean takenOver() {
    return false;
  }

  /** Whether, as far as we know, what was written last has reached the client. */
  default boolean reached() {
    return !gone();
  }

  /**
   * For how long, from the beginning of the request, the client was surely there; empty if nothing
   * tells. Of a lost connection the last write before the one that failed seemed to succeed
   * although nobody was there.
   */
  default Optional<Duration> present() {
    return Optional.empty();
  }
}
