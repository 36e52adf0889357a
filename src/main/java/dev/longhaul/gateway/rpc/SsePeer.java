package dev.longhaul.gateway.rpc;

import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC over HTTP with SSE, the transport of 2024-11-05: one stream brings all messages of the
 * upstream, first the address that those to it are posted to.
 */
public final class SsePeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(SsePeer.class);
  private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(30);
  private static final String EVENTS = "text/event-stream";

  private final String upstream;
  private final URI url;
  private final HttpEndpoint endpoint;
  private final WireLimits limits;
  private final Oddities oddities;
  private final Exchange exchange;
  private final CompletableFuture<URI> target = new CompletableFuture<>();
  private volatile Map<String, String> headers = Map.of();

  private SsePeer(
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
    this.oddities = new Oddities(upstream);
    this.exchange = new Exchange(upstream, new Posts(), limits, receiver, oddities);
  }

  /**
   * Opens the stream and waits for the address of messages.
   *
   * @param upstream its name
   * @param url where the stream is; its host is allowed as it is, also a private one
   * @param identity says to the upstream who calls
   * @param receiver gets what belongs to no open request
   * @param limit how long that may take
   * @throws UpstreamLostException if there is no such stream; it has the status
   * @throws UpstreamProtocolException if the address is of another origin
   */
  public static SsePeer open(
      HttpConnections http,
      String upstream,
      URI url,
      RequestHeaders identity,
      WireLimits limits,
      Receiver receiver,
      Duration limit)
      throws InterruptedException {
    SsePeer peer = new SsePeer(http, upstream, url, identity, limits, receiver);
    boolean ready = false;
    try {
      var _ = Threads.virtual("upstream-" + upstream + "-events", peer::read);
      var _ = peer.target.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      ready = true;
      return peer;
    } catch (TimeoutException e) {
      throw new UpstreamLostException(
          "The upstream " + upstream + " named no address for messages within " + limit + ".",
          false,
          0,
          e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    } finally {
      if (!ready) {
        peer.close();
      }
    }
  }

  private void read() {
    RuntimeException why;
    try (HttpReply reply = endpoint.send("GET", url, null, headers(Map.of(), EVENTS), null)) {
      why = reply.isSuccess() && reply.type().equals(EVENTS) ? events(reply) : refused(reply);
    } catch (InterruptedException e) {
      why = lost("was not waited for.");
    } catch (UpstreamProtocolException e) {
      why =
          new UpstreamProtocolException(
              "The connection to the upstream " + upstream + " was closed. " + e.getMessage());
    } catch (UpstreamLostException e) {
      why = e;
    } catch (Throwable e) {
      OutOfMemory.met(e);
      log.error("Reading from upstream {} failed", upstream, e);
      why = lost("cannot be read.");
    }
    boolean opened = !target.completeExceptionally(why);
    exchange.ended(why, opened, endpoint::close);
  }

  private UpstreamLostException refused(HttpReply reply) {
    return new UpstreamLostException(
        "The upstream "
            + upstream
            + " has no stream of events: status "
            + reply.status()
            + (reply.type().isEmpty() ? "." : " with " + reply.type() + "."),
        false,
        reply.status(),
        null);
  }

  private UpstreamLostException lost(String what) {
    return new UpstreamLostException("The upstream " + upstream + " " + what, true, 0, null);
  }

  /** Reads the stream to its end, and says why that is. */
  private RuntimeException events(HttpReply reply) throws InterruptedException {
    try {
      EventStream events = new EventStream(reply.body(), limits.messageBytes(), null);
      EventStream.Event event = events.next();
      while (event != null) {
        switch (event.type()) {
          case "endpoint" -> target.complete(address(event.data()));
          case "message" -> message(event.data());
          default -> log.trace("An event of upstream {} is of no known type", upstream);
        }
        event = events.next();
      }
      return lost("ended its stream of events.");
    } catch (IOException e) {
      return lost("broke its stream of events: " + reply.lost(e).getMessage());
    }
  }

  private URI address(byte[] data) {
    try {
      URI address = url.resolve(new URI(new String(data, StandardCharsets.UTF_8).strip()));
      if (HttpEndpoint.sameOrigin(url, address)) {
        return address;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      log.debug("The address of upstream {} is no URL", upstream, e);
    }
    throw new UpstreamProtocolException(
        "It wants its messages at an address that is not of the origin of its URL.");
  }

  private void message(byte[] data) {
    JsonNode document;
    try {
      document = Wire.read(data);
    } catch (JacksonException | UpstreamProtocolException e) {
      oddities.met("an event that is no valid JSON is ignored");
      return;
    }
    exchange.received(document);
  }

  private Map<String, String> headers(Map<String, String> own, String accept) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", accept);
    all.putAll(own);
    return all;
  }

  /** Messages to the upstream, each a POST. */
  private final class Posts implements Outgoing {
    @Override
    public BooleanSupplier send(
        ObjectNode message, Map<String, String> own, @Nullable Duration limit)
        throws InterruptedException {
      HttpBody body = new HttpBody(message);
      try (HttpReply reply =
          endpoint.send(
              "POST", target.join(), body, headers(own, "application/json, " + EVENTS), limit)) {
        if (!reply.isSuccess()) {
          throw new UpstreamLostException(
              "The upstream " + upstream + " answered with status " + reply.status() + ".",
              reply.status() >= 500,
              reply.status(),
              null);
        }
        reply.finish();
      } catch (InterruptedException e) {
        if (!body.sent()) {
          throw e;
        }
        // It may have arrived, so the wait for the response is what is interrupted.
        Thread.currentThread().interrupt();
      }
      return () -> false;
    }

    @Override
    public void sendLater(ObjectNode message) {
      var _ =
          Threads.virtual(
              "upstream-" + upstream + "-message",
              () -> {
                try {
                  var _ = send(message, Map.of(), MESSAGE_LIMIT);
                } catch (InterruptedException | RuntimeException e) {
                  log.debug("Upstream {} did not get a message: {}", upstream, e.toString());
                }
              });
    }
  }

  @Override
  public void headers(Map<String, String> all) {
    headers = Map.copyOf(all);
  }

  @Override
  public ObjectNode request(Request request, Receiver receiver) throws InterruptedException {
    return exchange.request(request, receiver);
  }

  @Override
  public void notify(String method, ObjectNode params) throws InterruptedException {
    exchange.notify(method, params, MESSAGE_LIMIT);
  }

  @Override
  public boolean isOpen() {
    return exchange.isOpen() && !endpoint.isClosed();
  }

  @Override
  public void close() {
    exchange.ended(
        new UpstreamLostException(
            "The connection to the upstream " + upstream + " was closed.", true, 0, null),
        false,
        endpoint::close);
  }
}
