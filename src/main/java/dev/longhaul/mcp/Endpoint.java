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
 * The endpoint for all revisions: parses a body, decides from the request alone whether it is of
 * 2026-07-28 or of an earlier revision, and responds to every failure.
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
   * @param sessionBegun called with the id of a new session before the response is written
   * @param batchAnswer receives the responses to a batch that had requests
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

  /** Whether the headers alone show that a request is not of an earlier revision. */
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
      // Also if the session could not be read: see docs/decisions/0023.
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
      legacy.begin(exchange, request, sessionBegun);
    } else {
      Session session = legacy.session(exchange.header(Exchange.SESSION_HEADER), exchange.caller());
      inSession(exchange, session, message);
    }
  }

  // Errors of requests in a session have the status 200: clients of these revisions (the Java SDK,
  // Python's mcp 1.x) treat any other status as the end of the session.
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
