package dev.longhaul.mcp;

import dev.longhaul.mcp.legacy.Batch;
import dev.longhaul.mcp.legacy.LegacyDispatcher;
import dev.longhaul.mcp.legacy.LegacyVersion;
import dev.longhaul.mcp.legacy.Session;
import dev.longhaul.mcp.modern.ModernDispatcher;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.MessageReader;
import dev.longhaul.mcp.wire.Replies;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The one endpoint both eras share: reads a body, decides by the request alone which era it belongs
 * to, and answers whatever goes wrong.
 */
final class Endpoint {
  private final MessageReader reader = new MessageReader();
  private final ModernDispatcher modern;
  private final LegacyDispatcher legacy;
  private final Batch batch;

  Endpoint(ModernDispatcher modern, LegacyDispatcher legacy) {
    this.modern = modern;
    this.legacy = legacy;
    this.batch = new Batch(legacy);
  }

  /**
   * Handles a POST.
   *
   * @param sessionBegun called with the id of a new session before anything is written
   * @param batchAnswer takes the answers to a batch that had requests
   */
  public void post(
      Exchange exchange,
      byte[] body,
      Consumer<String> sessionBegun,
      Consumer<ArrayNode> batchAnswer)
      throws InterruptedException {
    JsonNode id = null;
    try {
      JsonNode node = reader.parse(body);
      id = MessageReader.idOf(node);
      route(exchange, node, sessionBegun, batchAnswer);
    } catch (RuntimeException | Error e) {
      exchange.reply().fail(id, e);
    }
  }

  /** Handles a DELETE of the session that the headers name. */
  public void delete(Exchange exchange, String sessionId) {
    try {
      legacy.end(sessionId, exchange.caller());
      exchange.reply().finishSilently();
    } catch (RuntimeException | Error e) {
      exchange.reply().fail(null, e);
    }
  }

  /** Serves a GET of the session that the headers name, until its stream ends. */
  void listen(Exchange exchange, PushStream client) throws InterruptedException {
    Session session = legacy.session(exchange.header(Exchange.SESSION_HEADER), exchange.caller());
    legacy.listen(exchange, session, client);
  }

  /** Whether the headers alone say that a request is not from an earlier revision. */
  static boolean isModern(Exchange exchange) {
    return ModernDispatcher.speaks(
        null, exchange.header(Exchange.VERSION_HEADER), LegacyVersion.ALL);
  }

  private void route(
      Exchange exchange,
      JsonNode node,
      Consumer<String> sessionBegun,
      Consumer<ArrayNode> batchAnswer)
      throws InterruptedException {
    if (node instanceof ArrayNode messages && !isModern(exchange)) {
      Session session = legacy.session(exchange.header(Exchange.SESSION_HEADER), exchange.caller());
      ArrayNode answers = batch.handle(exchange, session, messages);
      if (answers.isEmpty()) {
        exchange.reply().finishSilently();
      } else {
        batchAnswer.accept(answers);
      }
      return;
    }
    Message message = MessageReader.read(node);
    try {
      dispatch(exchange, message, sessionBegun);
    } catch (DataAccessException e) {
      // Also where the session could not be looked up: see docs/decisions/0023.
      if (!(message instanceof Message.Request request)) {
        throw e;
      }
      exchange.reply().finish(200, Replies.error(request.id(), Failures.of(e).error()));
    }
  }

  private void dispatch(Exchange exchange, Message message, Consumer<String> sessionBegun)
      throws InterruptedException {
    if (ModernDispatcher.speaks(
        message, exchange.header(Exchange.VERSION_HEADER), LegacyVersion.ALL)) {
      modern.dispatch(exchange, message);
    } else if (message instanceof Message.Request request
        && LegacyDispatcher.beginsSession(message)) {
      Session session = legacy.begin(request, exchange.caller());
      sessionBegun.accept(session.id());
      legacy.greet(exchange, session, request);
    } else {
      Session session = legacy.session(exchange.header(Exchange.SESSION_HEADER), exchange.caller());
      inSession(exchange, session, message);
    }
  }

  // What goes wrong with a request in a session is answered with 200: clients of these revisions
  // take another status for the end of the session (the Java SDK, Python's mcp 1.x).
  private void inSession(Exchange exchange, Session session, Message message)
      throws InterruptedException {
    try {
      legacy.dispatch(exchange, session, message);
    } catch (RuntimeException e) {
      if (!(message instanceof Message.Request request)) {
        throw e;
      }
      exchange.reply().finish(200, Replies.error(request.id(), Failures.of(e).error()));
    }
  }
}
