package dev.longhaul.mcp.stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/** Makes a {@link DetachedStream} of a response where that is possible: Tomcat and HTTP/1.1. */
final class Detaching {
  private static final Logger log = LoggerFactory.getLogger(Detaching.class);
  private static final boolean TOMCAT =
      ClassUtils.isPresent(
          "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler",
          Detaching.class.getClassLoader());

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Duration writeLimit;

  Detaching(HttpServletRequest request, HttpServletResponse response, Duration writeLimit) {
    this.request = request;
    this.response = response;
    this.writeLimit = writeLimit;
  }

  HttpServletRequest request() {
    return request;
  }

  /** Detaches the stream, whose beginning has been flushed; null if that is not possible. */
  @Nullable DetachedStream detach() {
    if (!TOMCAT
        || request.isAsyncStarted()
        || !request.getProtocol().equals("HTTP/1.1")
        // Else it is not written as it is: compressed, or buffered by a host's filter.
        || !"chunked".equals(response.getHeader("Transfer-Encoding"))
        || response.getHeader("Content-Encoding") != null) {
      return null;
    }
    try {
      DetachedStream stream = request.upgrade(DetachedStream.class);
      stream.limitWrites(writeLimit);
      return stream;
    } catch (IOException | ServletException | RuntimeException e) {
      log.debug("A stream keeps its request and thread, because it cannot be detached", e);
      return null;
    }
  }
}
