package dev.longhaul.mcp.legacy;

import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells sessions what concerns all of them: that a list or a resource has changed. Every process
 * hears of every change and serves the streams it owns, so each session is told once. A stream
 * whose client is away for a while is still told: it reads that when it comes back.
 */
public final class Announcements {
  private static final Supervised TOLD = new Supervised("telling sessions of changes");

  private final StringRedisTemplate redis;
  private final LegacyKeys keys;
  private final EventLog events;
  private final PushStreams pushStreams;
  private final long absence;
  private final ConcurrentHashMap<StreamRef, Owned> owned = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<StreamRef, Waiting> coming = new ConcurrentHashMap<>();

  /**
   * @param absence how long a stream without a client is still told
   */
  Announcements(
      StringRedisTemplate redis,
      LegacyKeys keys,
      EventLog events,
      PushStreams pushStreams,
      Duration absence) {
    this.redis = redis;
    this.keys = keys;
    this.events = events;
    this.pushStreams = pushStreams;
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

  /** What has changed while a stream was taken over; null once it is told like any other. */
  private static final class Waiting {
    private @Nullable List<ObjectNode> messages = new ArrayList<>();

    synchronized boolean add(ObjectNode message) {
      return messages != null && messages.add(message);
    }

    synchronized List<ObjectNode> end() {
      List<ObjectNode> all = messages == null ? List.of() : messages;
      messages = null;
      return all;
    }
  }

  /**
   * A stream is about to be taken over here; {@link #begin} or {@link #gone} must follow. From the
   * moment it has a new owner the process before cannot tell it any more, so what changes meanwhile
   * waits here. What changes in the moment before may be told twice, which only costs another look.
   */
  void expect(StreamRef stream) {
    coming.put(stream, new Waiting());
  }

  /**
   * A client is connected to a stream here.
   *
   * @param isNew whether the stream was just opened, and not resumed
   */
  void begin(StreamRef stream, long owner, boolean isNew) {
    Owned one = new Owned(owner, false, System.nanoTime(), isNew);
    owned.put(stream, one);
    Waiting waiting = coming.remove(stream);
    if (waiting != null) {
      List<ObjectNode> meanwhile = waiting.end();
      if (!isNew) {
        meanwhile.forEach(message -> tell(stream, one, message));
      }
    }
  }

  void left(StreamRef stream) {
    owned.values().removeIf(one -> one.forgotten(absence));
    owned.computeIfPresent(
        stream, (_, one) -> new Owned(one.owner(), true, System.nanoTime(), false));
  }

  /** The stream has ended, and its session with it. */
  void gone(StreamRef stream) {
    owned.remove(stream);
    coming.remove(stream);
  }

  /** Tells every session that has a stream here. */
  public void tellAll(ObjectNode message) {
    long now = System.nanoTime();
    Set<StreamRef> waiting = keep(message, _ -> true);
    owned.forEach((stream, one) -> {
      if (!one.openedAfter(now) && !waiting.contains(stream)) {
        tell(stream, one, message);
      }
    });
  }

  /** Tells every session that has a stream here and has subscribed to the resource. */
  public void tellSubscribers(String uri, ObjectNode message) {
    Set<StreamRef> waiting = keep(message, stream -> subscribed(stream.session(), uri));
    owned.forEach((stream, one) -> {
      if (!waiting.contains(stream) && subscribed(stream.session(), uri)) {
        tell(stream, one, message);
      }
    });
  }

  // Before the others are told: a stream is among those before it is expected no longer.
  private Set<StreamRef> keep(ObjectNode message, Predicate<StreamRef> wants) {
    Set<StreamRef> kept = new HashSet<>();
    coming.forEach((stream, waiting) -> {
      if (wants.test(stream) && waiting.add(message)) {
        kept.add(stream);
      }
    });
    return kept;
  }

  private boolean subscribed(String session, String uri) {
    try {
      return Boolean.TRUE.equals(redis.opsForSet().isMember(keys.subscriptions(session), uri));
    } catch (RuntimeException | Error e) {
      TOLD.failed(e);
      return false;
    }
  }

  private void tell(StreamRef stream, Owned one, ObjectNode message) {
    try {
      if (one.forgotten(absence)) {
        owned.remove(stream, one);
        return;
      }
      boolean newest = pushStreams.chosen(stream.session()).filter(stream::equals).isPresent();
      if (newest && events.append(stream, message, false, one.owner()).number() == 0) {
        // Taken over by another process, or forgotten: no longer ours to tell.
        owned.remove(stream, one);
      }
      TOLD.worked();
    } catch (RuntimeException | Error e) {
      // The others are told.
      TOLD.failed(e);
    }
  }
}
