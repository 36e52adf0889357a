package dev.longhaul.gateway.rpc;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests to one upstream: with the headers that say who calls, again after a refusal
 * where these have changed, and along redirects within its origin.
 */
final class HttpEndpoint implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;

  private final HttpConnections http;
  private final String upstream;
  private final RequestHeaders identity;
  private final Set<HttpUriRequestBase> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  HttpEndpoint(HttpConnections http, String upstream, RequestHeaders identity) {
    this.http = http;
    this.upstream = upstream;
    this.identity = identity;
  }

  String upstream() {
    return upstream;
  }

  /**
   * Sends a request and returns with the head of its response.
   *
   * @param body what is sent; null for nothing
   * @param limit how long it may take until the reply is closed; null for no limit
   * @throws UpstreamLostException if there is no response
   * @throws InterruptedException if the thread was interrupted, which ends the request
   */
  HttpReply send(
      String method,
      URI url,
      @Nullable HttpBody body,
      Map<String, String> headers,
      @Nullable Duration limit)
      throws InterruptedException {
    Map<String, String> own = identity.get(null);
    HttpReply reply = follow(method, url, body, headers, own, limit);
    if (reply.status() != HttpStatus.SC_UNAUTHORIZED) {
      return reply;
    }
    String challenge = reply.header(HttpHeaders.WWW_AUTHENTICATE);
    boolean returned = false;
    try {
      Map<String, String> fresh = identity.get(challenge == null ? "" : challenge);
      if (fresh.equals(own)) {
        returned = true;
        return reply;
      }
      return follow(method, url, body, headers, fresh, limit);
    } finally {
      // Also where there are no other headers to be had: its connection would stay leased for ever.
      if (!returned) {
        reply.close();
      }
    }
  }

  private HttpReply follow(
      String method,
      URI url,
      @Nullable HttpBody body,
      Map<String, String> headers,
      Map<String, String> own,
      @Nullable Duration limit)
      throws InterruptedException {
    URI target = url;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpReply reply = once(method, target, body, headers, own, limit);
      if (!isRedirect(reply.status())) {
        return reply;
      }
      try (reply) {
        target = redirected(reply, target, method);
      }
    }
    throw new UpstreamLostException(
        "The upstream " + upstream + " redirects more than " + MOST_REDIRECTS + " times.",
        false,
        0,
        null);
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case HttpStatus.SC_MOVED_PERMANENTLY,
          HttpStatus.SC_MOVED_TEMPORARILY,
          HttpStatus.SC_SEE_OTHER,
          HttpStatus.SC_TEMPORARY_REDIRECT,
          HttpStatus.SC_PERMANENT_REDIRECT ->
          true;
      default -> false;
    };
  }

  private URI redirected(HttpReply reply, URI from, String method) {
    URI to = null;
    String location = reply.header(HttpHeaders.LOCATION);
    if (location != null) {
      try {
        to = from.resolve(new URI(location));
      } catch (URISyntaxException | IllegalArgumentException e) {
        to = null;
      }
    }
    boolean keepsMethod =
        method.equals("GET")
            || reply.status() == HttpStatus.SC_TEMPORARY_REDIRECT
            || reply.status() == HttpStatus.SC_PERMANENT_REDIRECT;
    if (to == null || !keepsMethod || !sameOrigin(from, to)) {
      throw new UpstreamLostException(
          "The upstream "
              + upstream
              + " redirects with status "
              + reply.status()
              + (to == null ? "" : " to " + origin(to))
              + ", which is not followed. Configure the URL that it leads to, if it is meant.",
          false,
          reply.status(),
          null);
    }
    return to;
  }

  static boolean sameOrigin(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static String origin(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(url.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }

  private HttpReply once(
      String method,
      URI url,
      @Nullable HttpBody body,
      Map<String, String> headers,
      Map<String, String> own,
      @Nullable Duration limit)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(url.toASCIIString()));
    headers.forEach(request::setHeader);
    own.forEach(request::setHeader);
    request.setEntity(body);
    AtomicBoolean late = new AtomicBoolean();
    Future<?> deadline =
        limit == null
            ? null
            : http.after(
                limit,
                () -> {
                  late.set(true);
                  request.cancel();
                });
    Runnable done =
        () -> {
          running.remove(request);
          if (deadline != null) {
            deadline.cancel(false);
          }
        };
    running.add(request);
    if (closed) {
      request.cancel();
    }
    boolean open = false;
    try {
      ClassicHttpResponse response =
          http.client().executeOpen(RoutingSupport.determineHost(request), request, null);
      open = true;
      return new HttpReply(this, request, response, body, limit, late, done);
    } catch (IOException | HttpException | IllegalStateException e) {
      // The client has an IllegalStateException for a request that is cancelled as it connects.
      throw lost(e, body, late.get() ? limit : null);
    } finally {
      if (!open) {
        done.run();
      }
    }
  }

  /**
   * What a failure means.
   *
   * @param limit the limit that has passed, or null
   * @throws InterruptedException if it failed because the thread was interrupted
   */
  UpstreamLostException lost(Exception failure, @Nullable HttpBody body, @Nullable Duration limit)
      throws InterruptedException {
    if (Thread.interrupted()) {
      var interrupted = new InterruptedException();
      interrupted.initCause(failure);
      throw interrupted;
    }
    boolean sent = body != null && body.sent();
    if (limit != null) {
      return new UpstreamTimeoutException(upstream, limit, sent, failure);
    }
    String what =
        closed
            ? " was not waited for: the connection was closed."
            : sent
                ? " ended the connection before its response: " + failure
                : " cannot be reached, or ended the connection: " + failure;
    return new UpstreamLostException("The upstream " + upstream + what, sent, 0, failure);
  }

  /** Ends all requests, and later ones at once. */
  @Override
  public void close() {
    closed = true;
    running.forEach(HttpUriRequestBase::cancel);
  }

  Future<?> after(Duration time, Runnable quick) {
    return http.after(time, quick);
  }

  boolean isClosed() {
    return closed;
  }
}
