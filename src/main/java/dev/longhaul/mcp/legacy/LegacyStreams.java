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
 * The streams that clients hold open with GET: new ones for what concerns their session, and those
 * that were interrupted and are resumed, wherever they began.
 */
public final class LegacyStreams implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LegacyStreams.class);

  /** How often a stream is looked at without a hint. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** How long a stop waits for the hand-overs of calls that came on /messages. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final EventLog events;
  private final PushStreams pushStreams;
  private final Announcements announcements;
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
      Announcements announcements,
      Signals signals,
      DetachedRequests detached,
      Resumption resumption,
      Duration sessionTtl,
      Duration retryAfter) {
    this.events = events;
    this.pushStreams = pushStreams;
    this.announcements = announcements;
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
    Taken taken = events.take(stream).orElseThrow(LegacyStreams::unknown);
    var pump = new StreamPump(events, stream, taken.owner(), from.number(), LOOK, sessionTtl);
    var first =
        session.knowsPriming()
            ? new Priming(
                stream.event(from.number()),
                session.takesRetry(exchange.header("User-Agent")) ? retryAfter : null)
            : null;
    try (var call = resumption.follow(exchange, session, stream, taken)) {
      if (write(pump, client, () -> client.open(first, pump::wake)) == EventLog.State.OPEN) {
        call.clientLeft();
      }
    }
  }

  /**
   * Writes a stream that was taken over until it ends, its client leaves, or this process stops.
   *
   * @param opening writes what the client is told first
   * @return how the stream was left, see {@link StreamPump#run}
   */
  EventLog.State write(StreamPump pump, PushStream client, Runnable opening)
      throws InterruptedException {
    StreamRef stream = pump.stream();
    boolean ofSession = stream.isPush() || stream.isSse();
    if (ofSession) {
      pushStreams.opened(stream);
      // Before its client can know that it is open: what changes from then on is told.
      announcements.begin(stream, pump.owner(), pump.owner() == 1);
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
        announcements.gone(stream);
      } else if (ofSession) {
        announcements.left(stream);
      }
    }
  }

  private void left(StreamRef stream) {
    try {
      pushStreams.left(stream);
    } catch (DataAccessException e) {
      log.debug("A client left stream {} while Redis was away", stream.id(), e);
    }
  }

  private StreamRef.Position from(Session session, @Nullable String lastEventId) {
    if (lastEventId != null) {
      Optional<StreamRef.Position> known = StreamRef.position(session.id(), lastEventId);
      if (known.isEmpty()) {
        throw unknown();
      }
      // What was missed of a stream for the session as a whole is gone with its log; what comes is
      // not. A call's stream has nothing to offer but what is in its log.
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
        "Last-Event-ID names no stream of this session, or one that is forgotten already.");
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
    detached.awaitNone(LAST_ANSWERS);
    open.forEach(StreamPump::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    // After OpenCalls, whose hand-overs still go out on these streams, and before the web server's
    // graceful shutdown (DEFAULT_PHASE - 1024), which would wait for them.
    return DEFAULT_PHASE - 768;
  }
}
