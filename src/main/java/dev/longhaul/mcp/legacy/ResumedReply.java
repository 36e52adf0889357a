package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reply to a call whose stream was taken over: it is written to the stream's log, and read from
 * there by the connection that the client has come back on. The client may leave that one too, and
 * take the stream over once more; then nothing is written here any longer.
 */
final class ResumedReply implements Reply {
  private static final Supervised WRITTEN = new Supervised("messages to resumed streams");

  private final EventLog events;
  private final StreamRef stream;
  private final long owner;
  private volatile boolean takenOver;
  private volatile boolean lost;
  private @Nullable Runnable onTakenOver;
  private @Nullable Runnable onLost;

  ResumedReply(EventLog events, StreamRef stream, long owner) {
    this.events = events;
    this.stream = stream;
    this.owner = owner;
  }

  @Override
  public boolean canStream() {
    return true;
  }

  @Override
  public void openAfter(Duration quiet) {}

  @Override
  public void send(ObjectNode message) {
    if (message.has("id")) {
      write(message, false);
      return;
    }
    try {
      append(message, false);
      WRITTEN.worked();
    } catch (RuntimeException | Error e) {
      // Progress and logs may be lost while Redis is away.
      WRITTEN.failed(e);
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    write(message, true);
  }

  private void write(ObjectNode message, boolean last) {
    try {
      var _ = WRITTEN.untilItWorks(() -> append(message, last), StreamReply.PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void append(ObjectNode message, boolean last) {
    if (events.append(stream, message, last, owner).number() == 0) {
      leaveToOther();
    }
  }

  @Override
  public void finishSilently() {
    try {
      events.end(stream, owner);
      WRITTEN.worked();
    } catch (RuntimeException | Error e) {
      // It ends when its time to live is over.
      WRITTEN.failed(e);
    }
  }

  /** There may be a new owner. */
  void look() {
    try {
      if (!takenOver && events.owner(stream) != owner) {
        leaveToOther();
      }
    } catch (RuntimeException | Error e) {
      // Noticed with the next message.
      WRITTEN.failed(e);
    }
  }

  private void leaveToOther() {
    takenOver = true;
    tell();
  }

  /** The client has left the connection that it had come back on. */
  void clientLeft() {
    lost = true;
    tell();
  }

  /** Not for good: it may take the stream over once more. */
  @Override
  public boolean gone() {
    return false;
  }

  @Override
  public void onGone(Runnable action) {}

  @Override
  public void onLost(Runnable action) {
    synchronized (this) {
      onLost = action;
    }
    tell();
  }

  @Override
  public void onTakenOver(Runnable action) {
    synchronized (this) {
      onTakenOver = action;
    }
    tell();
  }

  @Override
  public boolean takenOver() {
    return takenOver;
  }

  @Override
  public boolean reached() {
    return !lost;
  }

  private void tell() {
    Runnable action = null;
    synchronized (this) {
      if (takenOver) {
        action = onTakenOver;
        onTakenOver = null;
      } else if (lost) {
        action = onLost;
        onLost = null;
      }
    }
    if (action != null) {
      action.run();
    }
  }
}
