package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A reply that travels on the one stream of a session of 2024-11-05, wherever that is open. While
 * Redis is away what a call says is lost, but not its answer, for which its client may wait long.
 */
final class StreamReply implements Reply {
  private static final Supervised MESSAGES =
      new Supervised("messages to the streams of sessions of 2024-11-05");

  /** How long an answer is tried to be written; clients do not wait for longer. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

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
      var _ = MESSAGES.untilItWorks(() -> append(message), PATIENCE);
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
