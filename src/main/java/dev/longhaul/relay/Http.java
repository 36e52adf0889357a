package dev.longhaul.relay;

import dev.longhaul.thread.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests to Longhaul. Interrupting a thread in one, or closing its answer, ends it. */
final class Http {
  static final String SESSION = "Mcp-Session-Id";
  static final String VERSION = "MCP-Protocol-Version";

  // Else Longhaul takes it for the Java SDK, and the client for one of its habits.
  private static final String AGENT = "longhaul-stdio";

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration DELETE_LIMIT = Duration.ofSeconds(1);

  private @Nullable HttpClient made;
  private final int longest;
  private final ScheduledThreadPoolExecutor timer = Threads.timer("longhaul-relay-limit", 1);

  /**
   * @param longest the most bytes of a message
   */
  Http(int longest) {
    this.longest = longest;
  }

  /** The request did not reach the server, so it may be sent again. */
  static final class NotReachedException extends IOException {
    private static final long serialVersionUID = 1L;

    NotReachedException(IOException cause) {
      super(cause);
    }
  }

  /** The client for an address; all addresses of a relay are of one scheme. */
  private synchronized HttpClient client(URI url) {
    HttpClient client = made;
    if (client == null) {
      // Redirects are not followed: the key is for the configured address.
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_LIMIT)
              .followRedirects(HttpClient.Redirect.NEVER);
      client =
          "https".equals(url.getScheme())
              ? builder.build()
              : builder.sslContext(new NoTls()).build();
      made = client;
    }
    return client;
  }

  /**
   * Sends a message.
   *
   * @param limit how long the answer may take until it begins, and then until it is read; null for
   *     any time
   * @throws java.net.http.HttpTimeoutException if the answer does not begin in time
   */
  Answer post(Address to, Map<String, String> headers, byte[] body, @Nullable Duration limit)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(to, headers, "POST", BodyPublishers.ofByteArray(body));
    request.setHeader("Content-Type", "application/json");
    request.setHeader("Accept", "application/json, text/event-stream");
    if (limit == null) {
      return send(request);
    }
    Answer answer = send(request.timeout(limit)); // which does not cover the reading of its body
    answer.closing = timer.schedule(answer::close, limit.toMillis(), TimeUnit.MILLISECONDS);
    return answer;
  }

  Answer listen(Address to, Map<String, String> headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(to, headers, "GET", BodyPublishers.noBody());
    request.setHeader("Accept", "text/event-stream");
    return send(request);
  }

  /** Ends a session; that it cannot be reached is no matter. */
  void delete(Address to, Map<String, String> headers) throws InterruptedException {
    try (var _ =
        send(request(to, headers, "DELETE", BodyPublishers.noBody()).timeout(DELETE_LIMIT))) {
      // It is ended, or was not known.
    } catch (IOException e) {
      // The server ends it when it expires.
    }
  }

  private static HttpRequest.Builder request(
      Address to, Map<String, String> headers, String method, BodyPublisher body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(to.url()).method(method, body);
    request.setHeader("User-Agent", AGENT);
    headers.forEach(request::setHeader);
    String key = to.key();
    if (key != null) {
      request.setHeader("Authorization", "Bearer " + key);
    }
    return request;
  }

  private Answer send(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    try {
      return new Answer(client(request.uri()).send(request, BodyHandlers.ofInputStream()), longest);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new NotReachedException(e);
    }
  }

  /** What the server answers. */
  static final class Answer implements Closeable {
    private final HttpResponse<InputStream> response;
    private final int longest;
    private volatile @Nullable Future<?> closing;

    Answer(HttpResponse<InputStream> response, int longest) {
      this.response = response;
      this.longest = longest;
    }

    int status() {
      return response.statusCode();
    }

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    boolean isStream() {
      String type = header("Content-Type");
      return status() == 200 && type != null && type.startsWith("text/event-stream");
    }

    EventStream events() {
      return new EventStream(response.body(), longest);
    }

    /**
     * The whole body as one line.
     *
     * @throws IOException if the connection is lost, or the body is too large
     */
    byte[] body() throws IOException {
      byte[] body = response.body().readNBytes(longest + 1);
      if (body.length > longest) {
        throw new Lines.TooLongException("The response", longest);
      }
      for (int i = 0; i < body.length; i++) {
        if (body[i] == '\n' || body[i] == '\r') {
          body[i] = ' '; // within JSON a line ends only between tokens
        }
      }
      return body;
    }

    @Override
    public void close() {
      Future<?> limit = closing;
      if (limit != null) {
        var _ = limit.cancel(false);
      }
      try {
        response.body().close();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }
}
