package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.node.ObjectNode;

/** A reply that travels on the one stream of a session of 2024-11-05, wherever that is open. */
final class StreamReply implements Reply {
  private static final Logger log = LoggerFactory.getLogger(StreamReply.class);

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
    append(notification);
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    append(message);
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
    try {
      if (events.append(stream, message, false, null).number() > 0) {
        return;
      }
    } catch (DataAccessException e) {
      log.warn(
          "A message to a session of 2024-11-05 is lost, because Redis cannot be reached; its"
              + " client finds the operation with list_operations",
          e);
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
