package dev.longhaul.relay;

import dev.longhaul.relay.Http.Answer;
import org.jspecify.annotations.Nullable;

/** A request of the client that is not answered yet. */
final class OpenRequest {
  /** Sends the request. */
  @FunctionalInterface
  interface Sending {
    Answer send() throws java.io.IOException, InterruptedException;
  }

  private final Message message;
  private final long since = System.nanoTime();
  private @Nullable Thread sender;
  private @Nullable Answer answer;
  private volatile boolean cancelled;

  OpenRequest(Message message) {
    this.message = message;
  }

  Message message() {
    return message;
  }

  long nanosOpen() {
    return System.nanoTime() - since;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Its client wants no answer any more; what is on its way goes on. */
  void cancel() {
    cancelled = true;
  }

  /** Cancels it and closes its connection, which is how 2026-07-28 cancels over HTTP. */
  void cancelAndDisconnect() {
    cancelled = true;
    synchronized (this) {
      if (sender != null) {
        sender.interrupt();
      }
      if (answer != null) {
        answer.close();
      }
    }
  }

  /**
   * Sends it in this thread.
   *
   * @throws InterruptedException if it is cancelled
   */
  Answer during(Sending sending) throws java.io.IOException, InterruptedException {
    synchronized (this) {
      if (cancelled) {
        throw new InterruptedException();
      }
      sender = Thread.currentThread();
    }
    Answer received = null;
    try {
      received = sending.send();
      return received;
    } finally {
      synchronized (this) {
        sender = null;
        answer = received;
        if (cancelled && received != null) {
          received.close();
        }
      }
    }
  }
}
