package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** An event stream that belongs to no request: a client opened it to be told things. */
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
   * @param onGone called when the client is found to have left; must be quick
   */
  public void open(@Nullable Priming first, Runnable onGone) {
    locked(() -> {
      this.onGone = onGone;
      events.open(first);
    });
    beginComments(keepAlive.repeat(this::comment));
  }

  /** Sends one event; does nothing once the client is gone. */
  public void send(@Nullable String id, String name, byte[] data) {
    locked(() -> {
      if (!gone) {
        events.event(id, name, data);
      }
    });
  }

  /** Whether the client was found to have left. It is noticed on writing only. */
  public boolean gone() {
    return gone;
  }

  /** Stops the keep-alive; the response ends with its request. */
  @Override
  public void close() {
    endComments();
    // A comment that is being written must be out before the container takes the response back.
    locked(() -> gone = true);
  }

  @Override
  boolean takesComments() {
    return !gone;
  }

  @Override
  void lost() {
    gone = true;
    onGone.run();
  }
}
