package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Threads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The transport of 2024-11-05: one stream per session for everything that the server sends, and
 * POST requests for the client's messages. Any process can receive a POST; the response travels
 * through Redis to the process with the stream. The session ends with its stream.
 */
public final class SseTransport {
  /** How long a session exists after the process with its stream has died. */
  private static final Duration SESSION_TTL = Duration.ofMinutes(1);

  private static final Duration READ_INTERVAL = Duration.ofSeconds(20);

  private final SessionStore sessions;
  private final LegacyDispatcher dispatcher;
  private final EventLog events;
  private final LegacyStreams streams;
  private final DetachedRequests detached;
  private final SessionEnd sessionEnd;

  SseTransport(
      SessionStore sessions,
      LegacyDispatcher dispatcher,
      EventLog events,
      LegacyStreams streams,
      DetachedRequests detached,
      SessionEnd sessionEnd) {
    this.sessions = sessions;
    this.dispatcher = dispatcher;
    this.events = events;
    this.streams = streams;
    this.detached = detached;
    this.sessionEnd = sessionEnd;
  }

  /**
   * Begins a session and serves its stream until the client disconnects.
   *
   * @param endpoint the URL for the session's messages, by session id
   */
  public void stream(Caller caller, UnaryOperator<String> endpoint, PushStream client)
      throws InterruptedException {
    String id = SessionIds.next();
    StreamRef stream = StreamRef.next(id, StreamRef.Kind.SSE);
    Session session =
        new Session(id, caller.owner(), LegacyVersion.WITH_SSE, "", "", "{}", null, stream.id());
    sessions.save(session, SESSION_TTL);
    events.open(stream, Map.of());
    long owner = events.take(stream).orElseThrow().owner();
    StreamPump pump = new StreamPump(events, stream, owner, 0, READ_INTERVAL, SESSION_TTL);
    try {
      var _ =
          streams.write(
              pump,
              client,
              () -> {
                client.open(null, pump::wake);
                byte[] address = endpoint.apply(id).getBytes(StandardCharsets.UTF_8);
                client.send(null, "endpoint", address);
              });
    } finally {
      var _ = sessionEnd.end(id);
      events.delete(stream);
    }
  }

  /**
   * Handles a posted message; the response is sent on the session's stream.
   *
   * @throws RpcException 404 if there is no such session
   */
  public void receive(Exchange exchange, @Nullable String sessionId, Message message) {
    Session session = session(sessionId, exchange.caller());
    StreamRef stream = new StreamRef(session.id(), String.valueOf(session.sseStream()));
    Exchange onStream = exchange.outliving(new StreamReply(events, stream));
    if (!(message instanceof Message.Request request)) {
      dispatchHere(exchange, session, message);
      return;
    }
    if (!detached.enter(session.id())) {
      // On the stream like every response: some clients end the session on a status other than 202.
      onStream.reply().finish(200, Replies.error(request.id(), DetachedRequests.tooMany()));
      return;
    }
    var _ =
        Threads.virtual(
            "longhaul-mcp-sse",
            () -> {
              try {
                serve(onStream, session, request);
              } finally {
                detached.leave(session.id());
              }
            });
  }

  // Notifications and answers never block, and an invalid answer is reported in the POST's
  // response.
  private void dispatchHere(Exchange exchange, Session session, Message message) {
    try {
      dispatcher.dispatch(exchange, session, message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Exchange exchange, Session session, Message.Request request) {
    try {
      if (LegacyDispatcher.beginsSession(request)) {
        dispatcher.agree(exchange, session, request, agreed -> sessions.save(agreed, SESSION_TTL));
      } else {
        dispatcher.dispatch(exchange, session, request);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      exchange.reply().fail(request.id(), e);
    }
  }

  private Session session(@Nullable String id, Caller caller) {
    if (id == null) {
      throw new RpcException(
          400,
          ErrorCode.INVALID_REQUEST,
          "The parameter sessionId is missing; open the event stream first.");
    }
    return sessions
        .touch(id)
        .filter(session -> session.sseStream() != null)
        .filter(session -> session.owner().equals(caller.owner()))
        .orElseThrow(() ->
            new RpcException(
                404,
                ErrorCode.SESSION_NOT_FOUND,
                "The session is unknown or has ended; open the event stream again."));
  }
}
