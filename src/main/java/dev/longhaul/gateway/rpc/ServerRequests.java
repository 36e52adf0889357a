package dev.longhaul.gateway.rpc;

import dev.longhaul.thread.Threads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the requests of an upstream, each in a thread of its own. */
final class ServerRequests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerRequests.class);
  private static final int INVALID_REQUEST = -32600;

  private final String upstream;
  private final Semaphore room;
  private final Answers answers;
  private final Oddities oddities;
  private final Map<JsonNode, Thread> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Sends answers. */
  @FunctionalInterface
  interface Answers {
    void send(ObjectNode answer) throws InterruptedException;
  }

  /**
   * @param room how many more requests may be open
   */
  ServerRequests(String upstream, Semaphore room, Answers answers, Oddities oddities) {
    this.upstream = upstream;
    this.oddities = oddities;
    this.room = room;
    this.answers = answers;
  }

  /** Has a request answered, in another thread. */
  void accept(Message.Request request, Receiver receiver) {
    if (closed) {
      return;
    }
    if (!room.tryAcquire()) {
      // Unanswered, because an answer may block this thread, which reads.
      oddities.met("it has too many open requests at once; further ones are not answered");
      return;
    }
    var _ =
        Threads.virtual(
            "upstream-" + upstream + "-request",
            () -> {
              try {
                answer(request, receiver);
              } finally {
                room.release();
              }
            });
  }

  private void answer(Message.Request request, Receiver receiver) {
    if (open.putIfAbsent(request.id(), Thread.currentThread()) != null) {
      send(error(request.id(), INVALID_REQUEST, "A request with this id is open."));
      return;
    }
    try {
      if (!closed) {
        ObjectNode answer = outcome(request, receiver);
        // Whoever interrupts later wants no answer any more.
        send(answer);
      }
    } catch (InterruptedException e) {
      log.debug("A request {} of upstream {} was cancelled", request.method(), upstream);
    } finally {
      open.remove(request.id());
    }
  }

  private ObjectNode outcome(Message.Request request, Receiver receiver)
      throws InterruptedException {
    try {
      ObjectNode result =
          request.method().equals("ping")
              ? Wire.JSON.createObjectNode()
              : receiver.request(request.method(), request.params());
      ObjectNode answer = envelope(request.id());
      answer.set("result", result);
      return answer;
    } catch (RpcErrorException e) {
      ObjectNode answer = error(request.id(), e.code(), String.valueOf(e.getMessage()));
      JsonNode data = e.data();
      if (data != null) {
        answer.withObject("error").set("data", data);
      }
      return answer;
    } catch (RuntimeException e) {
      log.warn("A request {} of upstream {} failed", request.method(), upstream, e);
      return error(request.id(), Message.INTERNAL_ERROR, "Internal error");
    }
  }

  private void send(ObjectNode answer) {
    try {
      answers.send(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("An answer to upstream {} could not be sent: {}", upstream, e.toString());
    }
  }

  /** Cancels a request, as the upstream asks with notifications/cancelled. */
  void cancel(ObjectNode params) {
    JsonNode id = params.get("requestId");
    Thread thread = id == null ? null : open.get(id);
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Cancels all. */
  @Override
  public void close() {
    closed = true;
    open.values().forEach(Thread::interrupt);
  }

  private static ObjectNode error(JsonNode id, int code, String message) {
    ObjectNode answer = envelope(id);
    answer.putObject("error").put("code", code).put("message", message);
    return answer;
  }

  private static ObjectNode envelope(JsonNode id) {
    ObjectNode answer = Wire.JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    return answer;
  }
}
