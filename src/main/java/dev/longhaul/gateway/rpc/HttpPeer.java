package dev.longhaul.gateway.rpc;

import dev.longhaul.gateway.rpc.Request.Cancellation;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC over streamable HTTP, of every version of the protocol: each request is a POST whose
 * response, or stream of server-sent events, is read in the thread that asks.
 *
 * <p>The session id of a response to {@code initialize} is sent with every later message and
 * deleted when this is closed.
 */
public final class HttpPeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(HttpPeer.class);
  private static final String SESSION = "Mcp-Session-Id";
  private static final String LAST_EVENT = "Last-Event-ID";
  private static final String EVENTS = "text/event-stream";
  private static final String JSON = "application/json";
  private static final int LONGEST_SESSION = 1_000;
  private static final int MOST_ERROR_BYTES = 256 << 10;
  private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(30);
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(10);
  private static final Duration DELETE_LIMIT = Duration.ofSeconds(1);

  private final String upstream;
  private final URI url;
  private final HttpEndpoint endpoint;
  private final WireLimits limits;
  private final Receiver receiver;
  private final Oddities oddities;
  private final Semaphore room;
  private final AtomicLong ids = new AtomicLong();
  private volatile Map<String, String> headers = Map.of();
  private volatile @Nullable String session;
  private @Nullable Thread listener;
  private @Nullable String listened;

  /**
   * Connects with the first message.
   *
   * @param upstream its name
   * @param url where messages are posted; its host is allowed as it is, also a private one
   * @param identity says to the upstream who calls
   * @param receiver gets what comes outside of requests, see {@link #listen}
   */
  public HttpPeer(
      HttpConnections http,
      String upstream,
      URI url,
      RequestHeaders identity,
      WireLimits limits,
      Receiver receiver) {
    this.upstream = upstream;
    this.url = url;
    this.endpoint = new HttpEndpoint(http, upstream, identity);
    this.limits = limits;
    this.receiver = receiver;
    this.oddities = new Oddities(upstream);
    this.room = new Semaphore(limits.serverRequests());
  }

  @Override
  public void headers(Map<String, String> all) {
    headers = Map.copyOf(all);
  }

  @Override
  public ObjectNode request(Request request, Receiver own) throws InterruptedException {
    long id = ids.incrementAndGet();
    HttpBody body = new HttpBody(Envelope.request(id, request.method(), request.params()));
    boolean initialize = request.method().equals("initialize");
    if (initialize) {
      session = null;
    }
    try (ServerRequests serverRequests = serverRequests();
        HttpReply reply =
            endpoint.send(
                "POST",
                url,
                body,
                headers(request.headers(), JSON + ", " + EVENTS),
                request.limit())) {
      Incoming incoming = new Incoming(id, own, serverRequests);
      ObjectNode result = result(reply, incoming, new Resumption(request.limit()));
      if (initialize) {
        session = sessionOf(reply);
      }
      return result;
    } catch (InterruptedException | UpstreamProtocolException e) {
      cancel(request, id, body);
      throw e;
    } catch (UpstreamLostException e) {
      if (e.status() == 0) {
        cancel(request, id, body);
      }
      throw e;
    }
  }

  private ServerRequests serverRequests() {
    return new ServerRequests(
        upstream, room, answer -> post(answer, Map.of(), MESSAGE_LIMIT), oddities);
  }

  // In another thread, because this one was interrupted and must not wait any more.
  private void cancel(Request request, long id, HttpBody body) {
    if (request.cancellation() != Cancellation.NOTIFICATION || !body.sent() || !isOpen()) {
      return;
    }
    var _ =
        Threads.virtual(
            "upstream-" + upstream + "-cancel",
            () -> {
              try {
                post(Envelope.cancelled(id), Map.of(), CANCEL_LIMIT);
              } catch (InterruptedException | RuntimeException e) {
                log.debug("Upstream {} was not told of a cancel: {}", upstream, e.toString());
              }
            });
  }

  private Map<String, String> headers(Map<String, String> own, String accept) {
    Map<String, String> all = new HashMap<>(headers);
    String id = session;
    if (id != null) {
      all.put(SESSION, id);
    }
    all.put("Accept", accept);
    all.putAll(own);
    return all;
  }

  private @Nullable String sessionOf(HttpReply reply) {
    String id = reply.header(SESSION);
    if (id != null
        && (id.isEmpty()
            || id.length() > LONGEST_SESSION
            || !id.chars().allMatch(c -> c > ' ' && c < 0x7F))) {
      throw new UpstreamProtocolException(
          "The session id of the upstream " + upstream + " is not 1 to 1,000 visible characters.");
    }
    return id;
  }

  /** What comes for one request, or for none. */
  private final class Incoming {
    private final long id;
    private final Receiver own;
    private final ServerRequests serverRequests;

    Incoming(long id, Receiver own, ServerRequests serverRequests) {
      this.id = id;
      this.own = own;
      this.serverRequests = serverRequests;
    }

    /** Handles a document; the result if it has that. */
    @Nullable ObjectNode accept(byte[] document) {
      ObjectNode found = null;
      for (Message message : Message.in(read(document))) {
        ObjectNode result = accept(message);
        found = result == null ? found : result;
      }
      return found;
    }

    private @Nullable ObjectNode accept(Message message) {
      switch (message) {
        case Message.Notification(String method, ObjectNode params) -> notified(method, params);
        case Message.Request request -> serverRequests.accept(request, own);
        case Message.Result(JsonNode of, ObjectNode result) -> {
          if (isOwn(of)) {
            return result;
          }
          oddities.met("a response with the id of another request is ignored");
        }
        case Message.Failure failure -> {
          if (isOwn(failure.id()) || (failure.id().isNull() && id != 0)) {
            throw failure.exception();
          }
          oddities.met("an error with the id of another request is ignored");
        }
        case Message.Invalid(String why, JsonNode of) -> {
          if (of != null && isOwn(of)) {
            throw noRpc(why);
          }
          oddities.met("a message that is no JSON-RPC is ignored: " + why);
        }
      }
      return null;
    }

    private void notified(String method, ObjectNode params) {
      if (method.equals("notifications/cancelled")) {
        serverRequests.cancel(params);
        return;
      }
      try {
        own.notification(method, params);
      } catch (RuntimeException e) {
        log.warn("A notification {} of upstream {} could not be handled", method, upstream, e);
      }
    }

    private boolean isOwn(JsonNode of) {
      return of.isIntegralNumber() && of.canConvertToLong() && of.longValue() == id;
    }
  }

  private JsonNode read(byte[] document) {
    try {
      return Wire.read(document);
    } catch (JacksonException | UpstreamProtocolException e) {
      throw noRpc("it is not valid JSON");
    }
  }

  private UpstreamProtocolException noRpc(String why) {
    return new UpstreamProtocolException(
        "What the upstream " + upstream + " sent is no JSON-RPC response: " + why + ".");
  }

  private ObjectNode result(HttpReply reply, Incoming incoming, Resumption resumption)
      throws InterruptedException {
    if (!reply.isSuccess()) {
      throw failure(reply, incoming);
    }
    String encoding = reply.header(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw noRpc("it is compressed, which nobody has asked for");
    }
    return switch (reply.type()) {
      case JSON -> {
        ObjectNode result = incoming.accept(reply.bytes(limits.messageBytes()));
        if (result == null) {
          throw noRpc("it has no result for the request");
        }
        yield result;
      }
      case EVENTS -> streamed(reply, incoming, resumption);
      default ->
          throw noRpc(
              "status "
                  + reply.status()
                  + (reply.type().isEmpty() ? " without content" : " with " + reply.type()));
    };
  }

  /** What a response with another status than 2xx means. */
  private RuntimeException failure(HttpReply reply, Incoming incoming) throws InterruptedException {
    int status = reply.status();
    boolean refused = status == HttpStatus.SC_UNAUTHORIZED || status == HttpStatus.SC_FORBIDDEN;
    if (reply.type().equals(JSON) && !refused) {
      try {
        List<Message> messages = Message.in(Wire.read(reply.bytes(MOST_ERROR_BYTES)));
        // Of a 5xx only if it names the request: others come from what is in front of the server.
        if (messages.size() == 1
            && messages.getFirst() instanceof Message.Failure failure
            && (status < 500 || incoming.isOwn(failure.id()))) {
          return failure.exception(status, incoming.isOwn(failure.id()));
        }
      } catch (JacksonException | UpstreamProtocolException e) {
        log.debug("The error of upstream {} is not readable: {}", upstream, e.toString());
      }
    }
    return status(reply);
  }

  private UpstreamLostException status(HttpReply reply) {
    int status = reply.status();
    // Refused before it ran; but 408 and 5xx may come in the middle.
    boolean ran = status >= 500 || status == HttpStatus.SC_REQUEST_TIMEOUT;
    return new UpstreamLostException(
        "The upstream " + upstream + " answered with status " + status + ".", ran, status, null);
  }

  /** Reads a stream up to the result, and those that continue it where the upstream allows that. */
  private ObjectNode streamed(HttpReply first, Incoming incoming, Resumption resumption)
      throws InterruptedException {
    HttpReply reply = first;
    try {
      while (true) {
        ObjectNode result = untilResult(reply, incoming, resumption);
        if (result != null) {
          reply.finish();
          return result;
        }
        reply.close();
        reply = resumption.next();
      }
    } finally {
      reply.close();
    }
  }

  /** Null if the stream ended before. */
  private @Nullable ObjectNode untilResult(
      HttpReply reply, Incoming incoming, Resumption resumption) throws InterruptedException {
    try {
      EventStream events = new EventStream(reply.body(), limits.messageBytes(), resumption.lastId);
      try {
        EventStream.Event event = next(events);
        while (event != null) {
          if (event.type().equals("message")) {
            ObjectNode result = incoming.accept(event.data());
            if (result != null) {
              return result;
            }
          }
          event = next(events);
        }
      } finally {
        resumption.after(events);
      }
    } catch (IOException e) {
      resumption.lost = ran(reply.lost(e));
    }
    return null;
  }

  private EventStream.@Nullable Event next(EventStream events) throws IOException {
    try {
      return events.next();
    } catch (UpstreamProtocolException e) {
      throw new UpstreamProtocolException(
          "The stream of the upstream " + upstream + " was closed. " + e.getMessage());
    }
  }

  /** How a stream that ended is continued: by a GET that names the last event. */
  private final class Resumption {
    private static final int MOST_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final @Nullable Duration limit;
    private final long began = System.nanoTime();
    private @Nullable String lastId;
    private Duration wait = FIRST_WAIT;
    private @Nullable UpstreamLostException lost;

    /**
     * @param limit how long the response may take
     */
    Resumption(@Nullable Duration limit) {
      this.limit = limit;
    }

    private @Nullable Duration left() {
      return limit == null ? null : limit.minusNanos(System.nanoTime() - began);
    }

    void after(EventStream events) {
      lastId = events.lastId();
      Duration asked = events.retry();
      wait = asked == null ? wait : asked;
    }

    HttpReply next() throws InterruptedException {
      for (int failures = 0; lastId != null && failures < MOST_FAILURES && isOpen(); failures++) {
        // Longer after each failure, but as asked where nothing failed.
        Duration pause = wait.multipliedBy(1L << failures);
        Duration left = left();
        if (limit != null && left != null && left.compareTo(pause) <= 0) {
          throw new UpstreamTimeoutException(upstream, limit, true, lost);
        }
        Thread.sleep(pause);
        try {
          HttpReply reply = events(lastId, left());
          if (reply.isSuccess() && reply.type().equals(EVENTS)) {
            return reply;
          }
          try (reply) {
            lost = ran(status(reply));
            if (reply.status() < 500) {
              break;
            }
          }
        } catch (UpstreamLostException e) {
          lost = ran(e);
        }
      }
      throw lost != null
          ? lost
          : new UpstreamLostException(
              "The upstream " + upstream + " ended its stream without a response.", true, 0, null);
    }
  }

  /** The request itself has been sent before. */
  private static UpstreamLostException ran(UpstreamLostException of) {
    return of.sent()
        ? of
        : new UpstreamLostException(String.valueOf(of.getMessage()), true, of.status(), of);
  }

  private HttpReply events(@Nullable String lastId, @Nullable Duration limit)
      throws InterruptedException {
    Map<String, String> own = lastId == null ? Map.of() : Map.of(LAST_EVENT, lastId);
    return endpoint.send("GET", url, null, headers(own, EVENTS), limit);
  }

  @Override
  public void notify(String method, ObjectNode params) throws InterruptedException {
    post(Envelope.notification(method, params), Map.of(), MESSAGE_LIMIT);
  }

  private void post(ObjectNode message, Map<String, String> own, Duration limit)
      throws InterruptedException {
    try (HttpReply reply =
        endpoint.send(
            "POST", url, new HttpBody(message), headers(own, JSON + ", " + EVENTS), limit)) {
      if (!reply.isSuccess()) {
        throw status(reply);
      }
      // Read to its end, so that the connection is used again.
      reply.finish();
    }
  }

  @Override
  public synchronized void listen() {
    String current = session;
    boolean listens = listener != null && listener.isAlive() && Objects.equals(listened, current);
    if (!listens && isOpen()) {
      if (listener != null) {
        listener.interrupt();
      }
      listened = current;
      listener = Threads.virtual("upstream-" + upstream + "-listen", this::listening);
    }
  }

  private void listening() {
    Duration most = Duration.ofMinutes(1);
    Duration wait = Resumption.FIRST_WAIT;
    String lastId = null;
    try (ServerRequests serverRequests = serverRequests()) {
      Incoming incoming = new Incoming(0, receiver, serverRequests);
      while (isOpen()) {
        try (HttpReply reply = events(lastId, null)) {
          if (!reply.isSuccess() || !reply.type().equals(EVENTS)) {
            // 404 says that the session has expired; there may be another one soon.
            boolean expired = session != null && reply.status() == HttpStatus.SC_NOT_FOUND;
            if (!expired
                && reply.status() < 500
                && reply.status() != HttpStatus.SC_TOO_MANY_REQUESTS) {
              log.debug("Upstream {} has no stream: status {}", upstream, reply.status());
              return;
            }
            if (expired) {
              receiver.expired();
            }
            wait = longer(wait, most);
          } else {
            EventStream events = new EventStream(reply.body(), limits.messageBytes(), lastId);
            // Longer and longer while streams end with nothing on them.
            wait = listened(events, incoming) ? Resumption.FIRST_WAIT : longer(wait, most);
            lastId = events.lastId();
            Duration asked = events.retry();
            wait = asked == null ? wait : asked;
          }
        } catch (RuntimeException e) {
          log.debug("The stream of upstream {} failed: {}", upstream, e.toString());
          wait = longer(wait, most);
        }
        Thread.sleep(wait);
      }
    } catch (InterruptedException e) {
      log.trace("Listening to upstream {} was stopped", upstream);
    } catch (Throwable e) {
      OutOfMemory.met(e);
      log.error("Listening to upstream {} failed", upstream, e);
    }
  }

  /** Reads a stream to its end; whether there was anything on it. */
  private boolean listened(EventStream events, Incoming incoming) {
    boolean any = false;
    try {
      EventStream.Event event = next(events);
      while (event != null) {
        any = true;
        if (event.type().equals("message")) {
          var _ = incoming.accept(event.data());
        }
        event = next(events);
      }
    } catch (IOException e) {
      log.debug("The stream of upstream {} broke: {}", upstream, e.toString());
    }
    return any;
  }

  private static Duration longer(Duration wait, Duration most) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(most) > 0 ? most : twice;
  }

  @Override
  public boolean isOpen() {
    return !endpoint.isClosed();
  }

  @Override
  public synchronized void close() {
    if (!isOpen()) {
      return;
    }
    if (listener != null) {
      listener.interrupt();
    }
    if (session != null) {
      delete();
    }
    endpoint.close();
  }

  private void delete() {
    try (HttpReply reply =
        endpoint.send("DELETE", url, null, headers(Map.of(), JSON), DELETE_LIMIT)) {
      log.debug("Ended the session with upstream {}: status {}", upstream, reply.status());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("The session with upstream {} was not ended: {}", upstream, e.toString());
    }
  }
}
