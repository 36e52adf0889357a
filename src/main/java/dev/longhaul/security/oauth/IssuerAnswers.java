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
 * Asks the authorization server for one document at most every ten seconds, and once for all who
 * wait. Each token that names an unknown key has its keys fetched anew, because they may have been
 * changed; a stranger can make as many such tokens as there are names.
 */
final class IssuerAnswers implements ClientHttpRequestInterceptor {
  private static final long KEPT_NANOS = 10_000_000_000L;
  private static final int LARGEST = 1 << 20;

  private final Map<URI, Document> documents = new ConcurrentHashMap<>();

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    // The addresses come from the settings and from the issuer's metadata, so they are few.
    return documents
        .computeIfAbsent(request.getURI(), _ -> new Document())
        .get(() -> {
          try (ClientHttpResponse response = execution.execute(request, body)) {
            return Answer.of(response);
          }
        });
  }

  /** A fetch. */
  private interface Fetch {
    Answer run() throws IOException;
  }

  /** One address, and what it last answered. */
  private static final class Document {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Answer answer;
    private @Nullable IOException failure;
    private long ended;

    Answer get(Fetch fetch) throws IOException {
      long asked = System.nanoTime();
      lock.lock();
      try {
        // A failure counts for those who waited for it, and the next one tries again.
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
          // An error of the server's is told to whoever asked for it, and not kept.
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

  /** An answer that can be read again and again. */
  @SuppressWarnings("ArrayRecordComponent") // answers are never compared
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
      // Nothing is open.
    }
  }
}
