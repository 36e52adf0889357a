package dev.longhaul.builtin.fetch;

import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.AddressRefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches one URL. Follows redirects itself, so that each hop is checked like the first. */
final class UrlFetch {
  static final int MAX_REDIRECTS = 5;
  private static final int LAST_PORT = 65_535;
  private static final Logger log = LoggerFactory.getLogger(UrlFetch.class);

  private final CloseableHttpClient client;
  private final String url;
  private final int timeoutSeconds;
  private final int maxBody;
  private final AtomicLong budget;
  private @Nullable HttpGet current;
  private boolean cancelled;

  UrlFetch(
      CloseableHttpClient client, String url, int timeoutSeconds, int maxBody, AtomicLong budget) {
    this.client = client;
    this.url = url;
    this.timeoutSeconds = timeoutSeconds;
    this.maxBody = maxBody;
    this.budget = budget;
  }

  String url() {
    return url;
  }

  /** The outcome of a fetch that timed out. */
  UrlOutcome timedOut() {
    return UrlOutcome.failed(url, FetchError.timeout(timeoutSeconds));
  }

  /** Cancels the fetch; may be called from any thread. */
  synchronized void cancel() {
    cancelled = true;
    if (current != null) {
      current.cancel();
    }
  }

  private synchronized HttpGet begin(URI uri) throws IOException {
    if (cancelled) {
      throw new SocketTimeoutException("cancelled");
    }
    current = new HttpGet(uri);
    return current;
  }

  UrlOutcome run() {
    String host = url;
    try {
      URI uri = checked(url);
      for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
        host = uri.getHost();
        Answer answer = send(begin(uri), uri);
        if (answer.outcome() != null) {
          return answer.outcome();
        }
        uri = checked(answer.next());
      }
      return UrlOutcome.failed(url, FetchError.tooManyRedirects(MAX_REDIRECTS));
    } catch (URISyntaxException e) {
      return UrlOutcome.failed(url, FetchError.invalidUrl(e.getReason()));
    } catch (IOException e) {
      return UrlOutcome.failed(url, error(e, host));
    } catch (RuntimeException e) {
      log.debug("Fetching a URL failed unexpectedly", e);
      return UrlOutcome.failed(url, FetchError.internal(e));
    }
  }

  private Answer send(HttpGet request, URI uri) throws IOException {
    HttpHost target = new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort());
    ClassicHttpResponse response = client.executeOpen(target, request, null);
    try {
      return answer(request, response, uri);
    } finally {
      close(response);
    }
  }

  // Closing reads the rest, which fails if the connection was aborted. The fetch has not failed
  // then: its answer is already complete.
  private static void close(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      log.trace("Closing an aborted response failed", e);
    }
  }

  /** Either an outcome or the next hop. */
  private record Answer(@Nullable UrlOutcome outcome, String next) {}

  private Answer answer(HttpGet request, ClassicHttpResponse response, URI uri) throws IOException {
    int status = response.getCode();
    Header location = response.getFirstHeader(HttpHeaders.LOCATION);
    if (isRedirect(status) && location != null) {
      request.cancel();
      return new Answer(null, resolved(uri, location.getValue()));
    }
    Body body = Body.read(response.getEntity(), maxBody, budget, request::cancel);
    boolean ok = status >= 200 && status < 300;
    Header type = response.getFirstHeader(HttpHeaders.CONTENT_TYPE);
    return new Answer(
        new UrlOutcome(
            url,
            ok,
            status,
            uri.toString().equals(url) ? null : uri.toString(),
            type == null ? null : type.getValue(),
            body.bytes(),
            body.text(),
            body.truncated(),
            body.note(),
            ok ? null : FetchError.status(status)),
        "");
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private static String resolved(URI base, String location) {
    try {
      return base.resolve(location).toString();
    } catch (IllegalArgumentException e) {
      // Not a URI: the check of the next hop reports it.
      return location;
    }
  }

  private static URI checked(String text) throws URISyntaxException, AddressRefusedException {
    URI uri = new URI(text.strip());
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new URISyntaxException(text, "Only http and https are fetched");
    }
    if (uri.getRawUserInfo() != null) {
      throw new URISyntaxException(text, "A URL with user name or password is not fetched");
    }
    if (uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
      throw new URISyntaxException(text, "The port must be from 1 to " + LAST_PORT);
    }
    if (uri.getHost() == null) {
      // Java does not accept a host such as 0x7f.1.
      String host = String.valueOf(uri.getRawAuthority()).replaceFirst(":[0-9]*$", "");
      if (AddressGuard.isOldForm(host)) {
        throw AddressRefusedException.oldForm(host);
      }
      throw new URISyntaxException(text, "The URL has no valid host");
    }
    return uri;
  }

  private FetchError error(IOException thrown, String host) {
    synchronized (this) {
      if (cancelled) {
        return FetchError.timeout(timeoutSeconds);
      }
    }
    return switch (thrown) {
      case AddressRefusedException e when e.named() -> FetchError.unknownHost(host);
      case AddressRefusedException e -> FetchError.addressRefused(String.valueOf(e.getMessage()));
      case UnknownHostException _ -> FetchError.unknownHost(host);
      case SocketTimeoutException _ -> FetchError.timeout(timeoutSeconds);
      case ConnectException _ -> FetchError.connectFailed(host);
      case NoRouteToHostException _ -> FetchError.connectFailed(host);
      case SSLException _ -> FetchError.tlsFailed(host);
      case Body.UnsupportedEncodingException e ->
          FetchError.encoding(String.valueOf(e.getMessage()));
      default -> FetchError.broken(host);
    };
  }
}
