package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response that several threads write to, one at a time, and that comments keep alive. A failed
 * write is how a disconnect is detected.
 */
abstract class Connection {
  final EventWriter events;
  final KeepAlive keepAlive;
  final ReentrantLock lock = new ReentrantLock();
  private @Nullable Future<?> comments;

  Connection(HttpServletResponse response, KeepAlive keepAlive) {
    this.events = new EventWriter(response);
    this.keepAlive = keepAlive;
  }

  @FunctionalInterface
  interface Writing {
    void run() throws IOException;
  }

  /** Whether a comment may be written now. Called with the lock held. */
  abstract boolean acceptsComments();

  /** A write has succeeded. Called with the lock held. */
  void wrote() {}

  /** A write has failed. Called with the lock held. */
  abstract void lost();

  /** Runs the writing with the lock held. */
  final void locked(Writing writing) {
    lock.lock();
    try {
      writing.run();
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
  }

  final void startComments(Future<?> timer) {
    comments = timer;
  }

  final void stopComments() {
    Future<?> running = comments;
    if (running != null) {
      running.cancel(false);
    }
  }

  /** Writes a comment, unless another thread is writing, which keeps the connection alive too. */
  final void writeComment() {
    if (lock.tryLock()) {
      try {
        locked(() -> {
          if (acceptsComments()) {
            events.comment();
            wrote();
          }
        });
      } finally {
        lock.unlock();
      }
    }
  }
}
