package dev.longhaul.gateway.rpc;

import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response to one HTTP request, whose body is not read yet. Closing it ends the request. */
final class HttpReply implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpReply.class);
  private static final Duration REST_LIMIT = Duration.ofSeconds(5);
  private static final int MOST_REST = 64 << 10;

  private final HttpEndpoint endpoint;
  private final HttpUriRequestBase request;
  private final ClassicHttpResponse response;
  private final @Nullable HttpBody sent;
  private final @Nullable Duration limit;
  private final AtomicBoolean late;
  private final Runnable done;
  private boolean handedOver;

  HttpReply(
      HttpEndpoint endpoint,
      HttpUriRequestBase request,
      ClassicHttpResponse response,
      @Nullable HttpBody sent,
      @Nullable Duration limit,
      AtomicBoolean late,
      Runnable done) {
    this.endpoint = endpoint;
    this.request = request;
    this.response = response;
    this.sent = sent;
    this.limit = limit;
    this.late = late;
    this.done = done;
  }

  int status() {
    return response.getCode();
  }

  boolean isSuccess() {
    return status() >= 200 && status() < 300;
  }

  @Nullable String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /** The media type in lower case without parameters; empty if there is none. */
  String type() {
    String type = header(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The body. A failed read is passed to {@link #lost}. */
  InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  /**
   * The whole body.
   *
   * @throws UpstreamProtocolException if it has more bytes than that
   */
  byte[] bytes(int most) throws InterruptedException {
    try (InputStream in = body()) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        close();
        throw new UpstreamProtocolException(
            "The upstream "
                + endpoint.upstream()
                + " sent a response of more than "
                + most
                + " bytes.");
      }
      return bytes;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** What a failed read means. */
  UpstreamLostException lost(IOException failure) throws InterruptedException {
    return endpoint.lost(failure, sent, late.get() ? limit : null);
  }

  /**
   * Ends it without loss of the connection where the upstream ends the response itself, which is
   * waited for in another thread.
   */
  void finish() {
    handedOver = true;
    var _ =
        Threads.virtual(
            "upstream-" + endpoint.upstream() + "-rest",
            () -> {
              var deadline = endpoint.after(REST_LIMIT, request::cancel);
              try {
                var _ = body().readNBytes(MOST_REST);
              } catch (IOException e) {
                log.trace("The rest of a response of {} is dropped", endpoint.upstream(), e);
              } finally {
                deadline.cancel(false);
                end();
              }
            });
  }

  @Override
  public void close() {
    if (!handedOver) {
      end();
    }
  }

  private void end() {
    done.run();
    // First, because closing would read the rest.
    request.cancel();
    try {
      response.close();
    } catch (IOException e) {
      log.trace("Closing a response of {} failed", endpoint.upstream(), e);
    }
  }
}
