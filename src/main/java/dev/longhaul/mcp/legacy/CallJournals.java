package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.wire.Message;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes the streams of calls resumable. */
final class CallJournals {
  private final EventLog events;
  private final ProcessLease lease;
  private final Signals signals;
  private final Duration retryAfter;

  /**
   * @param retryAfter how long a client waits before it reopens a lost stream
   */
  CallJournals(EventLog events, ProcessLease lease, Signals signals, Duration retryAfter) {
    this.events = events;
    this.lease = lease;
    this.signals = signals;
    this.retryAfter = retryAfter;
  }

  /**
   * Stores what is sent on a call's stream.
   *
   * @param kind {@link Resumption#CALL} or {@link Resumption#TASK_RESULT}
   */
  void keep(Exchange exchange, Call call, Session session, Message.Request request, String kind) {
    call.reply()
        .keepIn(
            new CallJournal(
                events,
                lease,
                signals,
                session.id(),
                session.knowsPriming(),
                retry(exchange, session),
                request.id(),
                call.progressToken(),
                kind));
  }

  // Without effect on the transport of 2024-11-05, which has no priming event.
  private @Nullable Duration retry(Exchange exchange, Session session) {
    return session.knowsPriming() && session.takesRetry(exchange.header("User-Agent"))
        ? retryAfter
        : null;
  }
}
