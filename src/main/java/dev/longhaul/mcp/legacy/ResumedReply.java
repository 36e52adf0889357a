package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reply to a call whose stream was resumed: it writes to the stream's log, from which the
 * client's new connection reads. If the client resumes the stream once more, this reply writes
 * nothing any more.
 */
final class ResumedReply implements Reply {
  private static final Supervised WRITTEN = new Supervised("writing messages to resumed streams");

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
      // Progress and log messages may be lost while Redis is not available.
      WRITTEN.failed(e);
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    write(message, true);
  }

  private void write(ObjectNode message, boolean last) {
    try {
      var _ = WRITTEN.untilItWorks(() -> append(message, last), StreamReply.RETRY_LIMIT);
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
      // The stream ends when its time to live expires.
      WRITTEN.failed(e);
    }
  }

  /** Checks whether the stream has a new owner. */
  void checkOwner() {
    try {
      if (!takenOver && events.owner(stream) != owner) {
        leaveToOther();
      }
    } catch (RuntimeException | Error e) {
      // The next message notices the new owner.
      WRITTEN.failed(e);
    }
  }

  private void leaveToOther() {
    takenOver = true;
    runActions();
  }

  /** The client has disconnected from the connection on which it had resumed. */
  void clientLeft() {
    lost = true;
    runActions();
  }

  /** Never: the client may resume once more. */
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
    runActions();
  }

  @Override
  public void onTakenOver(Runnable action) {
    synchronized (this) {
      onTakenOver = action;
    }
    runActions();
  }

  @Override
  public boolean takenOver() {
    return takenOver;
  }

  @Override
  public boolean reached() {
    return !lost;
  }

  private void runActions() {
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
