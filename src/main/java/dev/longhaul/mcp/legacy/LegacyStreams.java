package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.Priming;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Serves the streams that clients open with GET: new ones for notifications of their session, and
 * resumed ones, whichever process began them.
 */
public final class LegacyStreams implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LegacyStreams.class);

  /** How often a stream is read without a signal. */
  private static final Duration READ_INTERVAL = Duration.ofMinutes(1);

  /** How long a stop waits until calls that came on /messages are handed over. */
  private static final Duration LAST_RESPONSES_LIMIT = Duration.ofSeconds(5);

  private final EventLog events;
  private final PushStreams pushStreams;
  private final SessionNotifications notifications;
  private final Signals signals;
  private final DetachedRequests detached;
  private final Resumption resumption;
  private final Duration sessionTtl;
  private final Duration retryAfter;
  private final Set<StreamPump> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  LegacyStreams(
      EventLog events,
      PushStreams pushStreams,
      SessionNotifications notifications,
      Signals signals,
      DetachedRequests detached,
      Resumption resumption,
      Duration sessionTtl,
      Duration retryAfter) {
    this.events = events;
    this.pushStreams = pushStreams;
    this.notifications = notifications;
    this.signals = signals;
    this.detached = detached;
    this.resumption = resumption;
    this.sessionTtl = sessionTtl;
    this.retryAfter = retryAfter;
  }

  /**
   * Serves a GET until its stream ends.
   *
   * @throws RpcException before the first byte: 400 if the stream is unknown
   */
  void serve(Exchange exchange, Session session, PushStream client) throws InterruptedException {
    StreamRef.Position from = from(session, exchange.header("Last-Event-ID"));
    StreamRef stream = from.stream();
    if (!stream.isPush()) {
      detached.requireRoom(session.id());
    }
    StreamTakeover taken = events.take(stream).orElseThrow(LegacyStreams::unknown);
    var pump =
        new StreamPump(events, stream, taken.owner(), from.number(), READ_INTERVAL, sessionTtl);
    var first =
        session.knowsPriming()
            ? new Priming(
                stream.event(from.number()),
                session.takesRetry(exchange.header("User-Agent")) ? retryAfter : null)
            : null;
    try (var call = resumption.attach(exchange, session, stream, taken)) {
      if (write(pump, client, () -> client.open(first, pump::wake)) == EventLog.State.OPEN) {
        call.clientLeft();
      }
    }
  }

  /**
   * Writes a stream that was taken over until it ends, its client disconnects, or this process
   * stops.
   *
   * @param opening writes the first events
   * @return how the stream was left, see {@link StreamPump#run}
   */
  EventLog.State write(StreamPump pump, PushStream client, Runnable opening)
      throws InterruptedException {
    StreamRef stream = pump.stream();
    boolean ofSession = stream.isPush() || stream.isSse();
    if (ofSession) {
      pushStreams.opened(stream);
      // Before the client learns that the stream is open, so that it misses no change from then on.
      notifications.clientConnected(stream, pump.owner(), pump.owner() == 1);
    }
    open.add(pump);
    try (var _ = signals.on(Signals.message(stream), pump::wake);
        var _ = signals.on(Signals.ended(stream.session()), pump::wake)) {
      opening.run();
      if (!running) {
        pump.stop();
      }
      EventLog.State end = pump.run(client);
      if (end == EventLog.State.OPEN && stream.isPush()) {
        left(stream);
      }
      return end;
    } finally {
      open.remove(pump);
      if (stream.isSse()) {
        notifications.streamEnded(stream);
      } else if (ofSession) {
        notifications.clientLeft(stream);
      }
    }
  }

  private void left(StreamRef stream) {
    try {
      pushStreams.left(stream);
    } catch (DataAccessException e) {
      log.debug(
          "A client left stream {} while Redis was not available; the stream expires by its time to live",
          stream.id(),
          e);
    }
  }

  private StreamRef.Position from(Session session, @Nullable String lastEventId) {
    if (lastEventId != null) {
      Optional<StreamRef.Position> known = StreamRef.position(session.id(), lastEventId);
      if (known.isEmpty()) {
        throw unknown();
      }
      // The expired stream of a session is replaced by a new one: what was missed is lost, but new
      // notifications arrive. A call's stream has no messages but those in its log.
      if (!known.get().stream().isPush() || events.exists(known.get().stream())) {
        return known.get();
      }
    }
    StreamRef stream = StreamRef.next(session.id(), StreamRef.Kind.PUSH);
    events.open(stream, Map.of());
    return new StreamRef.Position(stream, 0);
  }

  private static RpcException unknown() {
    return new RpcException(
        400,
        ErrorCode.INVALID_REQUEST,
        "Last-Event-ID names no stream of this session, or one that has expired.");
  }

  /** How many streams this process holds open. */
  public int size() {
    return open.size();
  }

  @Override
  public void start() {
    signals.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    detached.awaitNone(LAST_RESPONSES_LIMIT);
    open.forEach(StreamPump::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    // After OpenCalls, whose hand-overs are sent on these streams, and before the web server's
    // graceful shutdown (DEFAULT_PHASE - 1024), which would wait for them.
    return DEFAULT_PHASE - 768;
  }
}
