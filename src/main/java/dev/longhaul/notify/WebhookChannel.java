package dev.longhaul.notify;

import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.AddressRefusedException;
import dev.longhaul.outbound.GuardedResolver;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The channel {@code webhook}: sends a signed POST by the Standard Webhooks specification. The
 * response's status decides; its body is dropped, so that callers cannot use webhooks to read
 * internal resources.
 */
final class WebhookChannel implements NotificationChannel, AutoCloseable {
  static final String NAME = "webhook";
  private static final Logger log = LoggerFactory.getLogger(WebhookChannel.class);
  private static final int MOST_CONNECTIONS = 200;
  private static final int GONE = 410;

  private final CallbackUrls urls;
  private final Supplier<Signatures> signatures;
  private final Duration timeout;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines;
  private final Clock clock;
  private final JsonMapper json;

  WebhookChannel(
      NotificationProperties settings,
      CallbackUrls urls,
      HostResolver hosts,
      AddressGuard guard,
      ObservationRegistry observations,
      Clock clock,
      JsonMapper json) {
    this.urls = urls;
    this.signatures = settings.webhook().signatures();
    this.timeout = settings.timeout();
    this.clock = clock;
    this.json = json;
    var allowed = new AllowedTargets(settings.webhook().allowedHosts());
    this.client =
        OutboundClient.builder(
                new GuardedResolver(hosts, guard, allowed::names),
                MOST_CONNECTIONS,
                Timeout.of(timeout),
                "longhaul-webhook",
                observations)
            // So that every attempt resolves the host again, and none uses a connection that the
            // receiver has closed.
            .setConnectionReuseStrategy((_, _, _) -> false)
            .build();
    this.deadlines = Threads.timer("longhaul-webhook-timer", 1);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Receipt deliver(Notification notification) throws DeliveryException {
    String url = notification.url();
    String problem = url == null ? "No URL was stored." : urls.problem(url).orElse(null);
    if (url == null || problem != null) {
      throw new DeliveryException("URL_REFUSED", String.valueOf(problem), null, true, null);
    }
    // A request line allows only ASCII.
    URI target = URI.create(URI.create(url).toASCIIString());
    HttpPost request = request(notification, target);
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> deadline =
        deadlines.schedule(
            Supervised.repeated(
                "time limits of webhooks",
                () -> {
                  late.set(true);
                  request.cancel();
                }),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return receipt(send(request, target));
    } catch (IOException e) {
      throw failure(e, late.get());
    } finally {
      deadline.cancel(false);
    }
  }

  private HttpPost request(Notification notification, URI url) {
    ObjectNode body = json.createObjectNode();
    body.put("type", notification.type());
    body.put("timestamp", notification.timestamp().toString());
    body.set("data", notification.data());
    byte[] bytes = json.writeValueAsBytes(body);
    long seconds = clock.instant().getEpochSecond();
    HttpPost request = new HttpPost(url);
    request.setHeader("webhook-id", notification.id());
    request.setHeader("webhook-timestamp", Long.toString(seconds));
    request.setHeader("webhook-signature", signatures.get().of(notification.id(), seconds, bytes));
    request.setEntity(new ByteArrayEntity(bytes, ContentType.create("application/json")));
    return request;
  }

  /** The used parts of a response. */
  private record Answer(int status, @Nullable String retryAfter) {}

  private Answer send(HttpPost request, URI url) throws IOException {
    HttpHost target = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
    ClassicHttpResponse response = client.executeOpen(target, request, null);
    Header wait = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    var answer = new Answer(response.getCode(), wait == null ? null : wait.getValue());
    drop(request, response);
    return answer;
  }

  // Only the status is needed.
  private static void drop(HttpPost request, ClassicHttpResponse response) {
    request.cancel();
    try {
      response.close();
    } catch (IOException e) {
      log.trace("Closing an aborted response failed", e);
    }
  }

  private Receipt receipt(Answer answer) throws DeliveryException {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return new Receipt(status);
    }
    String message =
        status >= 300 && status < 400
            ? "The receiver answered with status "
                + status
                + "; redirects are not followed. Submit the URL it leads to."
            : status == GONE
                ? "The receiver answered with status 410 (Gone), so it is not tried again."
                : "The receiver answered with status " + status + ", not with 2xx.";
    throw new DeliveryException(
        "HTTP_" + status, message, status, status == GONE, wait(answer.retryAfter()));
  }

  /** Retry-After (RFC 9110, section 10.2.3): seconds or a date; other values are ignored. */
  private @Nullable Duration wait(@Nullable String retryAfter) {
    if (retryAfter == null) {
      return null;
    }
    try {
      if (retryAfter.matches("[0-9]{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(retryAfter));
      }
      Instant until =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? null : left;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private DeliveryException failure(IOException thrown, boolean late) {
    if (late) {
      return timedOut();
    }
    return switch (thrown) {
      case AddressRefusedException _ ->
          new DeliveryException(
              "ADDRESS_REFUSED",
              "The host has an address that is not on the public internet; only a host that"
                  + " longhaul.notifications.webhook.allowed-hosts names in full may have one.",
              null,
              true,
              null);
      case UnknownHostException _ ->
          new DeliveryException("UNKNOWN_HOST", "The host's name is not known.");
      case SocketTimeoutException _ -> timedOut();
      case ConnectException _ ->
          new DeliveryException("CONNECT_FAILED", "The receiver takes no connection.");
      case NoRouteToHostException _ ->
          new DeliveryException("CONNECT_FAILED", "The receiver cannot be reached.");
      case SSLException _ ->
          new DeliveryException("TLS_FAILED", "No trusted TLS connection came about.");
      default -> new DeliveryException("BROKEN", "The connection broke before an answer came.");
    };
  }

  private DeliveryException timedOut() {
    return new DeliveryException(
        "TIMEOUT",
        "The receiver did not answer within "
            + timeout.toMillis() / 1000.0
            + " s (longhaul.notifications.timeout).");
  }

  @Override
  public void close() throws IOException {
    deadlines.shutdownNow();
    client.close();
  }
}
