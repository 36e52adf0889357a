package dev.longhaul.mcp.legacy;

import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells sessions what concerns all of them: that a list or a resource has changed. Every process
 * hears of every change and serves the streams it owns, so each session is told once. A stream
 * whose client is away for a while is still told: it reads that when it comes back. So is one that
 * another process has just taken over, see {@link EventLog#tell}.
 */
public final class Announcements {
  private static final Supervised TOLD = new Supervised("telling sessions of changes");

  private final EventLog events;
  private final PushStreams pushStreams;
  private final Subscriptions subscriptions;
  private final long absence;
  private final ConcurrentHashMap<StreamRef, Owned> owned = new ConcurrentHashMap<>();

  /**
   * @param absence how long a stream without a client is still told
   */
  Announcements(
      EventLog events, PushStreams pushStreams, Subscriptions subscriptions, Duration absence) {
    this.events = events;
    this.pushStreams = pushStreams;
    this.subscriptions = subscriptions;
    this.absence = absence.toNanos();
  }

  private record Owned(long owner, boolean left, long since, boolean isNew) {
    /** Opened after that time, not resumed: its client knows nothing older than what it lists. */
    boolean openedAfter(long time) {
      return isNew && since - time > 0;
    }

    boolean forgotten(long absence) {
      return left && System.nanoTime() - since > absence;
    }
  }

  /**
   * A client is connected to a stream here.
   *
   * @param isNew whether the stream was just opened, and not resumed
   */
  void begin(StreamRef stream, long owner, boolean isNew) {
    owned.put(stream, new Owned(owner, false, System.nanoTime(), isNew));
  }

  void left(StreamRef stream) {
    owned.values().removeIf(one -> one.forgotten(absence));
    owned.computeIfPresent(
        stream, (_, one) -> new Owned(one.owner(), true, System.nanoTime(), false));
  }

  /** The stream has ended, and its session with it. */
  void gone(StreamRef stream) {
    owned.remove(stream);
  }

  /**
   * Tells every session that has a stream here.
   *
   * @param heard when this process heard of the change, as {@link System#nanoTime}
   */
  public void tellAll(ObjectNode message, long heard) {
    long now = System.nanoTime();
    owned.forEach((stream, one) -> {
      if (!one.openedAfter(now)) {
        tell(stream, one, message, heard);
      }
    });
  }

  /** Tells every session that has a stream here and has subscribed to the resource. */
  public void tellSubscribers(String uri, ObjectNode message, long heard) {
    owned.forEach((stream, one) -> {
      if (subscribed(stream.session(), uri)) {
        tell(stream, one, message, heard);
      }
    });
  }

  private boolean subscribed(String session, String uri) {
    try {
      return subscriptions.contains(session, uri);
    } catch (RuntimeException | Error e) {
      TOLD.failed(e);
      return false;
    }
  }

  private void tell(StreamRef stream, Owned one, ObjectNode message, long heard) {
    try {
      if (one.forgotten(absence)) {
        owned.remove(stream, one);
        return;
      }
      boolean newest = pushStreams.chosen(stream.session()).filter(stream::equals).isPresent();
      Duration since = Duration.ofNanos(System.nanoTime() - heard);
      if (newest && events.tell(stream, message, one.owner(), since).number() == 0) {
        // Taken over by another process a while ago, or forgotten: no longer ours to tell.
        owned.remove(stream, one);
      }
      TOLD.worked();
    } catch (RuntimeException | Error e) {
      // The others are told.
      TOLD.failed(e);
    }
  }
}
