package dev.longhaul.security.oauth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Requests each document of the authorization server at most once every ten seconds, and once for
 * all concurrent callers. A token with an unknown key makes the decoder fetch the keys again, and
 * anyone can send many such tokens.
 */
final class IssuerCache implements ClientHttpRequestInterceptor {
  private static final long KEPT_NANOS = 10_000_000_000L;
  private static final int LARGEST = 1 << 20;

  private final Map<URI, Document> documents = new ConcurrentHashMap<>();

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    // The URLs come from the settings and the issuer's metadata, so they are few.
    return documents
        .computeIfAbsent(request.getURI(), _ -> new Document())
        .get(() -> {
          try (ClientHttpResponse response = execution.execute(request, body)) {
            return Answer.of(response);
          }
        });
  }

  /** Fetches a document. */
  private interface Fetch {
    Answer run() throws IOException;
  }

  /** One URL with its last response. */
  private static final class Document {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Answer answer;
    private @Nullable IOException failure;
    private long ended;

    Answer get(Fetch fetch) throws IOException {
      long asked = System.nanoTime();
      lock.lock();
      try {
        // A failure is shared by all callers that waited for it; the next caller tries again.
        IOException failed = failure;
        if (failed != null && ended - asked >= 0) {
          throw new IOException(failed.getMessage(), failed);
        }
        Answer known = answer;
        if (known != null && System.nanoTime() - ended < KEPT_NANOS) {
          return known;
        }
        failure = null;
        answer = null;
        try {
          Answer fresh = fetch.run();
          // An error response is returned but not cached.
          answer = fresh.getStatusCode().is2xxSuccessful() ? fresh : null;
          return fresh;
        } catch (IOException e) {
          failure = e;
          throw e;
        } finally {
          ended = System.nanoTime();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** A response that can be read repeatedly. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(HttpStatusCode status, String text, HttpHeaders fields, byte[] bytes)
      implements ClientHttpResponse {
    static Answer of(ClientHttpResponse response) throws IOException {
      HttpHeaders fields = new HttpHeaders();
      fields.addAll(response.getHeaders());
      return new Answer(
          response.getStatusCode(),
          response.getStatusText(),
          fields,
          response.getBody().readNBytes(LARGEST));
    }

    @Override
    public HttpStatusCode getStatusCode() {
      return status;
    }

    @Override
    public String getStatusText() {
      return text;
    }

    @Override
    public HttpHeaders getHeaders() {
      return fields;
    }

    @Override
    public InputStream getBody() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public void close() {
      // Nothing to close.
    }
  }
}
