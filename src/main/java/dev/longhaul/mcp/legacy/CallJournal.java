package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.AwaitedJob;
import dev.longhaul.mcp.stream.Journal;
import dev.longhaul.mcp.stream.Priming;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import dev.longhaul.thread.Waiters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores the stream of one request in the {@link EventLog}. A call that waits for a job writes to
 * it only until another connection takes the stream over, where the wait continues ({@link
 * Resumption}). Any other call keeps running here, and the other connection reads what it writes.
 */
final class CallJournal implements Journal {
  private static final Supervised STORED = new Supervised("storing the streams of calls");
  private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(10);

  private final EventLog events;
  private final String session;
  private final boolean primes;
  private final @Nullable Duration retry;
  private final Map<String, String> fields = new HashMap<>();
  private final ProcessLease lease;
  private final Signals signals;
  private volatile @Nullable StreamRef stream;
  private volatile Runnable onTakenOver = () -> {};
  private volatile Waiters.@Nullable Waiting listening;
  private @Nullable AwaitedJob awaited;
  private long awaitedSince;
  private boolean holds;
  private long skipUntil = System.nanoTime();

  /**
   * @param primes whether the client's revision has a priming event
   * @param retry how long the client waits before it reopens a lost stream, or null
   * @param progressToken the token of progress notifications, or null
   * @param kind {@link Resumption#CALL} or {@link Resumption#TASK_RESULT}
   */
  CallJournal(
      EventLog events,
      ProcessLease lease,
      Signals signals,
      String session,
      boolean primes,
      @Nullable Duration retry,
      JsonNode requestId,
      @Nullable JsonNode progressToken,
      String kind) {
    this.events = events;
    this.lease = lease;
    this.signals = signals;
    this.session = session;
    this.primes = primes;
    this.retry = retry;
    fields.put("r", Json.text(requestId));
    fields.put("k", kind);
    if (progressToken != null) {
      fields.put("t", Json.text(progressToken));
    }
  }

  @Override
  public void answers(AwaitedJob next) {
    awaited = next;
    awaitedSince = System.nanoTime();
  }

  @Override
  public void onTakenOver(Runnable action) {
    onTakenOver = action;
  }

  @Override
  public @Nullable Priming begin() {
    try {
      AwaitedJob wait = awaited;
      Duration waited = Duration.ZERO;
      if (wait == null) {
        fields.put("h", lease.acquire());
        holds = true;
      } else {
        StreamTakeover.describe(wait, fields);
        waited = Duration.ofNanos(System.nanoTime() - awaitedSince);
      }
      StreamRef begun = StreamRef.next(session, StreamRef.Kind.CALL);
      events.open(begun, fields, waited);
      stream = begun;
      listening = signals.on(Signals.taken(begun), this::checkOwnerSoon);
      STORED.worked();
      return primes ? new Priming(begun.event(0), retry) : null;
    } catch (RuntimeException | Error e) {
      // The call continues; only its stream cannot be resumed.
      STORED.failed(e);
      leave();
      return null;
    }
  }

  // Calls Redis, which must not block the thread that delivers signals.
  private void checkOwnerSoon() {
    var _ = Threads.virtual("longhaul-mcp-owner", this::checkOwner);
  }

  private void checkOwner() {
    StreamRef kept = stream;
    try {
      if (kept != null && events.owner(kept) > 0) {
        stopListening();
        onTakenOver.run();
      }
    } catch (RuntimeException | Error e) {
      // The next message notices the new owner.
      STORED.failed(e);
    }
  }

  private void stopListening() {
    Waiters.Waiting open = listening;
    if (open != null) {
      open.close();
    }
  }

  // After a takeover the new owner waits for the job itself; then nothing may be appended from
  // here.
  private @Nullable Long writer() {
    return awaited == null ? null : 0L;
  }

  @Override
  public Kept keep(ObjectNode message, boolean last) {
    StreamRef kept = stream;
    if (kept == null || (!last && System.nanoTime() - skipUntil < 0)) {
      return new Kept(null, true);
    }
    try {
      EventLog.Appended appended = events.append(kept, message, last, writer());
      STORED.worked();
      return appended.number() > 0
          ? new Kept(kept.event(appended.number()), appended.owner() == 0)
          : new Kept(null, appended.owner() <= 0);
    } catch (RuntimeException | Error e) {
      // The message is sent without an id.
      STORED.failed(e);
      // Progress reports must not wait for Redis each time while it is not available.
      skipUntil = System.nanoTime() + OUTAGE_PAUSE.toNanos();
      return new Kept(null, true);
    } finally {
      if (last) {
        stopListening();
        leave();
      }
    }
  }

  private void leave() {
    if (holds) {
      holds = false;
      lease.release();
    }
  }

  @Override
  public void end() {
    leave();
    stopListening();
    StreamRef kept = stream;
    if (kept != null) {
      try {
        events.end(kept, writer());
        STORED.worked();
      } catch (RuntimeException | Error e) {
        // The stream ends when its time to live expires.
        STORED.failed(e);
      }
    }
  }
}
