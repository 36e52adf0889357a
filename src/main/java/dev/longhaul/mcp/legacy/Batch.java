package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.stream.BatchReply;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.MessageReader;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Handles JSON-RPC batches, which only 2025-03-26 has. */
public final class Batch {
  /** The most messages of a batch; each request runs on a separate thread. */
  static final int MAX_SIZE = 100;

  private final LegacyDispatcher dispatcher;

  public Batch(LegacyDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * Handles the messages in parallel.
   *
   * @return the responses in the order of the requests; empty if there are only notifications
   */
  public ArrayNode handle(Exchange exchange, Session session, ArrayNode messages)
      throws InterruptedException {
    if (!session.version().equals(LegacyVersion.WITH_BATCHES)) {
      throw new RpcException(
          400,
          ErrorCode.INVALID_REQUEST,
          "Batches exist on revision " + LegacyVersion.WITH_BATCHES + " only; send one message.");
    }
    if (messages.isEmpty() || messages.size() > MAX_SIZE) {
      throw new RpcException(
          400, ErrorCode.INVALID_REQUEST, "A batch holds 1 to " + MAX_SIZE + " messages.");
    }
    List<BatchReply> replies = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (JsonNode message : messages) {
      BatchReply reply = new BatchReply();
      replies.add(reply);
      threads.add(
          Threads.virtual(
              "longhaul-mcp-batch", () -> one(exchange.replyingTo(reply), session, message)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    ArrayNode answers = JsonNodeFactory.instance.arrayNode();
    replies.forEach(reply -> reply.message().ifPresent(answers::add));
    return answers;
  }

  private void one(Exchange exchange, Session session, JsonNode node) {
    @Nullable JsonNode id = MessageReader.idOf(node);
    try {
      Message message = MessageReader.read(node);
      if (LegacyDispatcher.beginsSession(message)) {
        throw new RpcException(
            400, ErrorCode.INVALID_REQUEST, "initialize cannot be part of a batch.");
      }
      dispatcher.dispatch(exchange, session, message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      exchange.reply().fail(id, e);
    }
  }
}
