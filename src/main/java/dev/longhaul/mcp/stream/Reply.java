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
 * The response to one request, with the messages sent before it. Exactly one of the {@code finish}
 * methods ends it. No method throws if the client has disconnected; {@link #gone} and {@link
 * #onGone} report it.
 */
public interface Reply {

  /** Whether messages can be sent before the response: the client accepts an event stream. */
  boolean canStream();

  /** Begins the event stream after this delay unless the request has ended by then. */
  void openAfter(Duration quiet);

  /** Sends a notification or request that belongs to this request, before its response. */
  void send(ObjectNode notification);

  /**
   * Sends the response and ends the reply.
   *
   * @param httpStatus used only if no stream was begun
   */
  void finish(int httpStatus, ObjectNode message);

  /**
   * Sends the error response for a failure, see {@link Failures#of}.
   *
   * @param id of the request; null if it could not be read
   */
  default void fail(@Nullable JsonNode id, Throwable failure) {
    RpcException known = Failures.of(failure);
    finish(known.httpStatus(), Replies.error(id, known.error()));
  }

  /**
   * Makes the event stream resumable: from now on a lost connection does not count as {@link
   * #gone}, because the client may come back. Has no effect once the stream has begun.
   */
  default void keepIn(Journal journal) {}

  /** Sets the job that the request waits for; has no effect once the stream has begun. */
  default void answers(AwaitedJob awaited) {}

  /**
   * Ends the connection but not the reply if the client can resume the stream; otherwise does
   * nothing.
   */
  default void release() {}

  /**
   * Lets the request end although the event stream stays open, so that neither a thread nor the
   * container's buffers are kept for it. Where this is not possible, as for a stream that has not
   * begun or is resumable, the request's thread has to stay until the reply is finished.
   *
   * @return whether the stream is now independent of its request
   */
  default boolean detach() {
    return false;
  }

  /**
   * Runs the action when the detached stream has ended, or at once if it has.
   *
   * @return false if the stream is not detached; then the action is not run
   */
  default boolean whenDetachedEnds(Runnable action) {
    return false;
  }

  /** Ends the reply without a message: 202, or the end of the stream. */
  void finishSilently();

  /**
   * Writes a comment if the event stream has begun, to detect a lost connection: the first write
   * after a disconnect provokes a reset by the other side, which makes the next write fail.
   */
  default void probe() {}

  /** Whether the client has disconnected, which is detected only by writing. */
  boolean gone();

  /** Sets the action for a detected disconnect; it runs at most once. */
  void onGone(Runnable action);

  /** Sets the action for a lost connection, also on a resumable stream; it runs at most once. */
  default void onLost(Runnable action) {}

  /**
   * Sets the action for when the client resumes the stream on another connection; it runs at most
   * once. A call that waits for a job continues there too, and nothing written here reaches the
   * client any more.
   */
  default void onTakenOver(Runnable action) {}

  /** Whether the client has resumed the stream on another connection. */
  default boolean takenOver() {
    return false;
  }

  /** Whether, as far as known, the last message has reached the client. */
  default boolean reached() {
    return !gone();
  }

  /**
   * How long, from the beginning of the request, the client was certainly connected; empty if
   * unknown. On a lost connection the write before the failed one does not count: it seemed to
   * succeed although the client had disconnected.
   */
  default Optional<Duration> present() {
    return Optional.empty();
  }
}
