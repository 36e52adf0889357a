package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Journal;
import dev.longhaul.mcp.stream.Priming;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the stream of one request in the {@link EventLog}. */
final class CallJournal implements Journal {
  private static final Supervised KEPT = new Supervised("keeping the streams of calls");
  private static final Duration OUTAGE = Duration.ofSeconds(10);

  private final EventLog events;
  private final String session;
  private final boolean primes;
  private final @Nullable Duration retry;
  private final Map<String, String> fields = new HashMap<>();
  private final Holders holders;
  private @Nullable StreamRef stream;
  private boolean holds;
  private long quietUntil = System.nanoTime();

  /**
   * @param primes whether the client knows an event without data
   * @param retry how long the client is to wait before it opens a lost stream again, or null
   * @param kind how a call's answer is written; see {@link Resumption}
   */
  CallJournal(
      EventLog events,
      Holders holders,
      String session,
      boolean primes,
      @Nullable Duration retry,
      JsonNode requestId,
      String kind) {
    this.events = events;
    this.holders = holders;
    this.session = session;
    this.primes = primes;
    this.retry = retry;
    fields.put("r", Json.text(requestId));
    fields.put("k", kind);
  }

  @Override
  public void answers(JobId job) {
    fields.put("j", job.value());
  }

  @Override
  public @Nullable Priming begin() {
    try {
      if (!fields.containsKey("j")) {
        fields.put("h", holders.enter());
        holds = true;
      }
      StreamRef begun = StreamRef.next(session, StreamRef.Kind.CALL);
      events.open(begun, fields);
      stream = begun;
      KEPT.worked();
      return primes ? new Priming(begun.event(0), retry) : null;
    } catch (RuntimeException | Error e) {
      // The call goes on; only its stream cannot be resumed.
      KEPT.failed(e);
      leave();
      return null;
    }
  }

  @Override
  public Kept keep(ObjectNode message, boolean last) {
    if (stream == null || (!last && System.nanoTime() - quietUntil < 0)) {
      return new Kept(null, true);
    }
    try {
      EventLog.Appended appended = events.append(stream, message, last, null);
      KEPT.worked();
      return appended.number() > 0
          ? new Kept(stream.event(appended.number()), appended.owner() == 0)
          : new Kept(null, appended.owner() <= 0);
    } catch (RuntimeException | Error e) {
      // It is sent, but not kept.
      KEPT.failed(e);
      // Whoever reports progress must not wait for Redis with each report.
      quietUntil = System.nanoTime() + OUTAGE.toNanos();
      return new Kept(null, true);
    } finally {
      if (last) {
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
    if (stream != null) {
      try {
        events.end(stream);
        KEPT.worked();
      } catch (RuntimeException | Error e) {
        // It ends when its time to live is over.
        KEPT.failed(e);
      }
    }
  }
}
