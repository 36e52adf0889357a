package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An event stream that a client opened with GET to receive notifications of its session. */
public final class PushStream implements AutoCloseable {
  private final EventWriter events;
  // Its own thread and the keep-alive's write here, one at a time.
  private final ReentrantLock lock = new ReentrantLock();
  private final KeepAlive keepAlive;
  private Runnable onGone = () -> {};
  private @Nullable Future<?> comments;
  private volatile boolean gone;

  public PushStream(HttpServletResponse response, KeepAlive keepAlive) {
    this.events = new EventWriter(response);
    this.keepAlive = keepAlive;
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
    comments = keepAlive.repeat(this::comment);
  }

  /** Sends one event; does nothing once the client is gone. */
  public void send(@Nullable String id, String name, byte[] data) {
    locked(() -> events.event(id, name, data));
  }

  /** Whether the client has disconnected, which is detected only by writing. */
  public boolean gone() {
    return gone;
  }

  /** Stops the keep-alive; the response ends with its request. */
  @Override
  public void close() {
    Future<?> running = comments;
    if (running != null) {
      running.cancel(false);
    }
    // A comment that is being written must be finished before the container reuses the response.
    lock.lock();
    try {
      gone = true;
    } finally {
      lock.unlock();
    }
  }

  private void comment() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      write(events::comment);
    } finally {
      lock.unlock();
    }
  }

  private void locked(Writing writing) {
    lock.lock();
    try {
      write(writing);
    } finally {
      lock.unlock();
    }
  }

  private void write(Writing writing) {
    if (gone) {
      return;
    }
    try {
      writing.run();
    } catch (IOException e) {
      gone = true;
      onGone.run();
    }
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }
}
