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
 * Keeps the stream of one request in the {@link EventLog}. A call that waits for a job writes there
 * only until another connection takes the stream over, where the wait goes on ({@link Resumption}).
 * Any other call can be answered here alone, and is read there.
 */
final class CallJournal implements Journal {
  private static final Supervised KEPT = new Supervised("keeping the streams of calls");
  private static final Duration OUTAGE = Duration.ofSeconds(10);

  private final EventLog events;
  private final String session;
  private final boolean primes;
  private final @Nullable Duration retry;
  private final Map<String, String> fields = new HashMap<>();
  private final Holders holders;
  private final Signals signals;
  private volatile @Nullable StreamRef stream;
  private volatile Runnable onTakenOver = () -> {};
  private volatile Waiters.@Nullable Waiting listening;
  private @Nullable AwaitedJob awaited;
  private long awaitedSince;
  private boolean holds;
  private long quietUntil = System.nanoTime();

  /**
   * @param primes whether the client knows an event without data
   * @param retry how long the client is to wait before it opens a lost stream again, or null
   * @param progressToken what its progress is tagged with, or null
   * @param kind how a call's answer is written; see {@link Resumption}
   */
  CallJournal(
      EventLog events,
      Holders holders,
      Signals signals,
      String session,
      boolean primes,
      @Nullable Duration retry,
      JsonNode requestId,
      @Nullable JsonNode progressToken,
      String kind) {
    this.events = events;
    this.holders = holders;
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
        fields.put("h", holders.enter());
        holds = true;
      } else {
        Taken.describe(wait, fields);
        waited = Duration.ofNanos(System.nanoTime() - awaitedSince);
      }
      StreamRef begun = StreamRef.next(session, StreamRef.Kind.CALL);
      events.open(begun, fields, waited);
      stream = begun;
      listening = signals.on(Signals.taken(begun), this::hint);
      KEPT.worked();
      return primes ? new Priming(begun.event(0), retry) : null;
    } catch (RuntimeException | Error e) {
      // The call goes on; only its stream cannot be resumed.
      KEPT.failed(e);
      leave();
      return null;
    }
  }

  // Asks Redis, for which whoever brings the hint must not wait.
  private void hint() {
    var _ = Threads.virtual("longhaul-mcp-taken", this::look);
  }

  private void look() {
    StreamRef kept = stream;
    try {
      if (kept != null && events.owner(kept) > 0) {
        listenNoMore();
        onTakenOver.run();
      }
    } catch (RuntimeException | Error e) {
      // Noticed with the next message.
      KEPT.failed(e);
    }
  }

  private void listenNoMore() {
    Waiters.Waiting open = listening;
    if (open != null) {
      open.close();
    }
  }

  // Who took the stream of a job over waits for it himself.
  private @Nullable Long writer() {
    return awaited == null ? null : 0L;
  }

  @Override
  public Kept keep(ObjectNode message, boolean last) {
    StreamRef kept = stream;
    if (kept == null || (!last && System.nanoTime() - quietUntil < 0)) {
      return new Kept(null, true);
    }
    try {
      EventLog.Appended appended = events.append(kept, message, last, writer());
      KEPT.worked();
      return appended.number() > 0
          ? new Kept(kept.event(appended.number()), appended.owner() == 0)
          : new Kept(null, appended.owner() <= 0);
    } catch (RuntimeException | Error e) {
      // It is sent, but not kept.
      KEPT.failed(e);
      // Whoever reports progress must not wait for Redis with each report.
      quietUntil = System.nanoTime() + OUTAGE.toNanos();
      return new Kept(null, true);
    } finally {
      if (last) {
        listenNoMore();
        leave();
      }
    }
  }

  private void leave() {
    if (holds) {
      holds = false;
      holders.leave();
    }
  }

  @Override
  public void end() {
    leave();
    listenNoMore();
    StreamRef kept = stream;
    if (kept != null) {
      try {
        events.end(kept, writer());
        KEPT.worked();
      } catch (RuntimeException | Error e) {
        // It ends when its time to live is over.
        KEPT.failed(e);
      }
    }
  }
}
