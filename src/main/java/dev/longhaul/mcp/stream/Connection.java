package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is written to one client: by one thread at a time, with comments that keep the connection
 * alive, and a write that fails shows that the client has left.
 */
abstract class Connection {
  final EventWriter events;
  final KeepAlive keepAlive;
  // The request's thread, the tool's and the keep-alive's all write here.
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
  abstract boolean takesComments();

  /** A comment was written. Called with the lock held. */
  void wrote() {}

  /** A write has failed. Called with the lock held. */
  abstract void lost();

  /** Called without the lock, each time after it was held to write or to change the state. */
  void afterwards() {}

  final void locked(Writing writing) {
    lock.lock();
    try {
      writing.run();
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
    afterwards();
  }

  final void beginComments(Future<?> timer) {
    comments = timer;
  }

  final void endComments() {
    Future<?> running = comments;
    if (running != null) {
      running.cancel(false);
    }
  }

  void comment() {
    // Whoever holds the lock is writing, which is as good a sign of life.
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (takesComments()) {
        events.comment();
        wrote();
      }
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
  }
}
