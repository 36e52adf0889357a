package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A reply on the only stream of a session of 2024-11-05, whichever process serves that. While Redis
 * is not available, notifications are lost but the response is retried.
 */
final class StreamReply implements Reply {
  private static final Supervised MESSAGES =
      new Supervised("writing messages to the streams of sessions of 2024-11-05");

  /** How long writing a response is retried; clients do not wait longer. */
  static final Duration RETRY_LIMIT = Duration.ofMinutes(10);

  private final EventLog events;
  private final StreamRef stream;
  private volatile boolean gone;
  private @Nullable Runnable onGone;

  StreamReply(EventLog events, StreamRef stream) {
    this.events = events;
    this.stream = stream;
  }

  @Override
  public boolean canStream() {
    return true;
  }

  @Override
  public void openAfter(Duration quiet) {}

  @Override
  public void send(ObjectNode notification) {
    try {
      append(notification);
      MESSAGES.worked();
    } catch (RuntimeException | Error e) {
      MESSAGES.failed(e);
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    try {
      var _ = MESSAGES.untilItWorks(() -> append(message), RETRY_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void finishSilently() {}

  @Override
  public boolean gone() {
    return gone;
  }

  @Override
  public synchronized void onGone(Runnable action) {
    onGone = action;
    if (gone) {
      action.run();
    }
  }

  private void append(ObjectNode message) {
    if (events.append(stream, message, false, null).number() > 0) {
      return;
    }
    synchronized (this) {
      gone = true;
      if (onGone != null) {
        onGone.run();
        onGone = null;
      }
    }
  }
}
