package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** An event stream that a client opened with GET to receive notifications of its session. */
public final class PushStream extends Connection implements AutoCloseable {
  private Runnable onGone = () -> {};
  private volatile boolean gone;

  public PushStream(HttpServletResponse response, KeepAlive keepAlive) {
    super(response, keepAlive);
  }

  /**
   * Writes the headers and the first event.
   *
   * @param first the event, or null for a comment instead
   * @param onGone called when a disconnect is detected; must not block
   */
  public void open(@Nullable Priming first, Runnable onGone) {
    locked(() -> {
      this.onGone = onGone;
      events.open(first);
    });
    startComments(keepAlive.repeat(this::writeComment));
  }

  /** Sends one event; does nothing after the client has disconnected. */
  public void send(@Nullable String id, String name, byte[] data) {
    locked(() -> {
      if (!gone) {
        events.event(id, name, data);
      }
    });
  }

  /** Whether the client has disconnected, which is detected only by writing. */
  public boolean gone() {
    return gone;
  }

  /** Stops the keep-alive; the response ends with its request. */
  @Override
  public void close() {
    stopComments();
    // A comment that is being written must be finished before the container reuses the response.
    locked(() -> gone = true);
  }

  @Override
  boolean acceptsComments() {
    return !gone;
  }

  @Override
  void lost() {
    gone = true;
    onGone.run();
  }
}
