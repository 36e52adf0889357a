package dev.longhaul.gateway.rpc;

import dev.longhaul.gateway.rpc.Request.Cancellation;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The requests that are open on one stream, and whom each message on it belongs to. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private final String upstream;
  private final Outgoing outgoing;
  private final Receiver receiver;
  private final Oddities oddities;
  private final ServerRequests serverRequests;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Open> open = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RuntimeException> end = new AtomicReference<>();
  private volatile boolean answered;

  /**
   * @param receiver gets what belongs to no request
   */
  Exchange(
      String upstream, Outgoing outgoing, WireLimits limits, Receiver receiver, Oddities oddities) {
    this.upstream = upstream;
    this.outgoing = outgoing;
    this.receiver = receiver;
    this.oddities = oddities;
    this.serverRequests =
        new ServerRequests(
            upstream,
            new Semaphore(limits.serverRequests()),
            answer -> {
              var _ = outgoing.send(answer, Map.of(), ANSWER_LIMIT);
            },
            oddities);
  }

  /** A request without response. */
  private static final class Open {
    final CompletableFuture<ObjectNode> outcome = new CompletableFuture<>();
    final Receiver receiver;
    final @Nullable JsonNode progressToken;
    volatile BooleanSupplier takeBack = () -> true;

    Open(Request request, Receiver receiver) {
      this.receiver = receiver;
      this.progressToken = request.params().path("_meta").get("progressToken");
    }

    // A number that was made here may be of another Java type than the same one that was read.
    boolean hasToken(@Nullable JsonNode token) {
      JsonNode own = progressToken;
      return token != null
          && own != null
          && (token.equals(own)
              || (token.isNumber()
                  && own.isNumber()
                  && token.decimalValue().compareTo(own.decimalValue()) == 0));
    }
  }

  ObjectNode request(Request request, Receiver own) throws InterruptedException {
    long began = System.nanoTime();
    long id = ids.incrementAndGet();
    Open entry = new Open(request, own);
    open.put(id, entry);
    try {
      checkOpen();
      entry.takeBack =
          outgoing.send(
              Envelope.request(id, request.method(), request.params()),
              request.headers(),
              request.limit());
      return outcome(entry, request.limit(), began);
    } catch (InterruptedException | TimeoutException e) {
      boolean sent = cancel(entry, id, request);
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new UpstreamTimeoutException(
          upstream, Objects.requireNonNull(request.limit()), sent, null);
    } finally {
      open.remove(id);
    }
  }

  private static ObjectNode outcome(Open entry, @Nullable Duration limit, long began)
      throws InterruptedException, TimeoutException {
    try {
      return limit == null
          ? entry.outcome.get()
          : entry.outcome.get(limit.toNanos() - (System.nanoTime() - began), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw thrown(e.getCause(), entry);
    }
  }

  // New, because the exception was made in another thread, and for all requests.
  private static RuntimeException thrown(@Nullable Throwable cause, Open entry) {
    return switch (cause) {
      case UpstreamLostException lost ->
          new UpstreamLostException(
              String.valueOf(lost.getMessage()),
              lost.sent() && !entry.takeBack.getAsBoolean(),
              lost.status(),
              lost);
      case RuntimeException failure -> failure;
      case null, default -> new IllegalStateException(cause);
    };
  }

  /** Whether the request may have run. */
  private boolean cancel(Open entry, long id, Request request) {
    if (entry.takeBack.getAsBoolean()) {
      return false;
    }
    if (request.cancellation() != Cancellation.NONE && isOpen()) {
      outgoing.sendLater(Envelope.cancelled(id));
    }
    return true;
  }

  void notify(String method, ObjectNode params, Duration limit) throws InterruptedException {
    checkOpen();
    var _ = outgoing.send(Envelope.notification(method, params), Map.of(), limit);
  }

  private void checkOpen() {
    RuntimeException reason = end.get();
    if (reason != null) {
      throw new UpstreamLostException(String.valueOf(reason.getMessage()), false, 0, reason);
    }
  }

  boolean isOpen() {
    return end.get() == null;
  }

  /** Gets a JSON document from the stream. */
  void received(JsonNode document) {
    for (Message message : Message.in(document)) {
      try {
        received(message);
      } catch (RuntimeException e) {
        log.warn("A message of upstream {} could not be handled", upstream, e);
      }
    }
  }

  private void received(Message message) {
    switch (message) {
      case Message.Notification(String method, ObjectNode params) -> notified(method, params);
      case Message.Request request -> serverRequests.accept(request, receiver);
      case Message.Result(JsonNode id, ObjectNode result) -> {
        Open entry = taken(id);
        if (entry != null) {
          entry.outcome.complete(result);
        }
      }
      case Message.Failure failure -> {
        Open entry = failure.id().isNull() ? first() : taken(failure.id());
        if (entry != null) {
          entry.outcome.completeExceptionally(failure.exception());
        }
      }
      case Message.Invalid(String why, JsonNode id) -> invalid(why, id);
    }
  }

  private void notified(String method, ObjectNode params) {
    switch (method) {
      case "notifications/cancelled" -> serverRequests.cancel(params);
      case "notifications/progress" -> progress(params).notification(method, params);
      default -> subscriber(params).notification(method, params);
    }
  }

  /** The request that a notification of a subscription names in its {@code _meta}. */
  private Receiver subscriber(ObjectNode params) {
    JsonNode id = params.path("_meta").path("io.modelcontextprotocol/subscriptionId");
    Open entry = isId(id) ? open.get(id.longValue()) : null;
    return entry == null ? receiver : entry.receiver;
  }

  private static boolean isId(JsonNode id) {
    return id.isIntegralNumber() && id.canConvertToLong();
  }

  private Receiver progress(ObjectNode params) {
    JsonNode token = params.get("progressToken");
    for (Open entry : open.values()) {
      if (entry.hasToken(token)) {
        return entry.receiver;
      }
    }
    return receiver;
  }

  private @Nullable Open taken(JsonNode id) {
    Open entry = isId(id) ? open.remove(id.longValue()) : null;
    if (entry == null) {
      oddities.met("a response with an id that no open request has is ignored");
    } else {
      answered = true;
    }
    return entry;
  }

  /**
   * The request that an error without id is for. That is certain only for the first one of a
   * connection, such as a probe that an old server cannot read.
   */
  private @Nullable Open first() {
    if (!answered && ids.get() == 1) {
      Open entry = open.remove(1L);
      if (entry != null) {
        answered = true;
        return entry;
      }
    }
    oddities.met("an error without the id of a request is ignored");
    return null;
  }

  private void invalid(String why, @Nullable JsonNode id) {
    Open entry = id == null ? null : taken(id);
    if (entry == null) {
      oddities.met("a message that is no JSON-RPC is ignored: " + why);
    } else {
      entry.outcome.completeExceptionally(
          new UpstreamProtocolException(
              "The response of the upstream " + upstream + " is no JSON-RPC: " + why + "."));
    }
  }

  /**
   * Ends: later requests fail at once, open ones when the connection has been cleaned up, so that
   * whoever starts the upstream again has it only once.
   */
  void ended(RuntimeException why, boolean byItself, Runnable cleanUp) {
    if (!end.compareAndSet(null, why)) {
      return;
    }
    serverRequests.close();
    cleanUp.run();
    open.values().forEach(entry -> entry.outcome.completeExceptionally(why));
    if (byItself) {
      try {
        receiver.closed(why);
      } catch (RuntimeException e) {
        log.warn("The end of the connection to upstream {} was not handled", upstream, e);
      }
    }
  }
}
