package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.load.CallLimit;
import dev.longhaul.mcp.observation.McpObservations;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dispatches the messages of the earlier revisions. */
public final class LegacyDispatcher {
  private static final String INITIALIZE = "initialize";

  private final SessionStore sessions;
  private final Initialize initialize;
  private final LegacyMethods methods;
  private final InFlight inFlight;
  private final ClientQuestions questions;
  private final LegacyStreams streams;
  private final SessionEnd sessionEnd;
  private final CallLimit limit;
  private final McpObservations observations;

  LegacyDispatcher(
      SessionStore sessions,
      Initialize initialize,
      LegacyMethods methods,
      InFlight inFlight,
      ClientQuestions questions,
      LegacyStreams streams,
      SessionEnd sessionEnd,
      CallLimit limit,
      McpObservations observations) {
    this.limit = limit;
    this.observations = observations;
    this.sessions = sessions;
    this.initialize = initialize;
    this.methods = methods;
    this.inFlight = inFlight;
    this.questions = questions;
    this.streams = streams;
    this.sessionEnd = sessionEnd;
  }

  /** Handles one message within a session. */
  public void dispatch(Exchange exchange, Session session, Message message)
      throws InterruptedException {
    observations.observe(
        exchange,
        message,
        session.version(),
        session.id(),
        observed -> handle(observed, session, message));
  }

  private void handle(Exchange exchange, Session session, Message message)
      throws InterruptedException {
    switch (message) {
      case Message.Request request -> {
        try (var _ = limit.enter(exchange.caller().owner())) {
          methods.handle(exchange, session, request);
        }
      }
      case Message.Notification notification -> {
        if (notification.method().equals("notifications/cancelled")) {
          inFlight.cancel(
              new InFlight.Key(session.id(), notification.params().path("requestId")),
              notification.params().path("reason").stringValue(""));
        }
        exchange.reply().finishSilently();
      }
      case Message.Response response -> {
        questions.answered(session.id(), exchange.caller(), response);
        exchange.reply().finishSilently();
      }
    }
  }

  /** Whether it is initialize, the only message without a session. */
  public static boolean beginsSession(Message message) {
    return message instanceof Message.Request request && request.method().equals(INITIALIZE);
  }

  /**
   * Begins a session and responds.
   *
   * @param begun called with the id of the session before the response is written; it must be a
   *     header of the response
   */
  public void begin(Exchange exchange, Message.Request request, Consumer<String> begun)
      throws InterruptedException {
    observations.observe(
        exchange,
        request,
        LegacyVersion.negotiate(request.params().path("protocolVersion").stringValue("")),
        null,
        observed -> {
          Session session = initialize.begin(request, exchange.caller());
          begun.accept(session.id());
          greet(observed, session, request);
        });
  }

  /** Responds to initialize in a session that the transport of 2024-11-05 has begun. */
  void agree(Exchange exchange, Session begun, Message.Request request, Consumer<Session> agreed)
      throws InterruptedException {
    observations.observe(
        exchange,
        request,
        begun.version(),
        begun.id(),
        observed -> {
          Session session = initialize.agree(request, begun);
          agreed.accept(session);
          greet(observed, session, request);
        });
  }

  private void greet(Exchange exchange, Session session, Message.Request request) {
    exchange.reply().finish(200, Replies.result(request.id(), initialize.result(session)));
  }

  /**
   * The session a request belongs to.
   *
   * @throws RpcException 400 if the id is missing, 404 if there is no such session
   */
  public Session session(@Nullable String id, Caller caller) {
    if (id == null) {
      throw new RpcException(
          400,
          ErrorCode.INVALID_REQUEST,
          "The header "
              + Exchange.SESSION_HEADER
              + " is missing; send initialize first and repeat the id it returns.");
    }
    return sessions
        .touch(id)
        .filter(session -> session.sseStream() == null)
        .filter(session -> session.owner().equals(caller.owner()))
        .orElseThrow(LegacyDispatcher::unknownSession);
  }

  /**
   * Serves a GET until its stream ends: a new stream or a resumed one.
   *
   * @throws RpcException before the first byte, if there is no such stream
   */
  public void listen(Exchange exchange, Session session, PushStream client)
      throws InterruptedException {
    streams.serve(exchange, session, client);
  }

  /** Ends a session. */
  public void end(String id, Caller caller) {
    session(id, caller);
    if (!sessionEnd.end(id)) {
      throw unknownSession();
    }
  }

  private static RpcException unknownSession() {
    return new RpcException(
        404,
        ErrorCode.SESSION_NOT_FOUND,
        "The session is unknown or has ended; send initialize to begin another.");
  }
}
