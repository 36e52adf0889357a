package dev.longhaul.mcp;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Threads;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from a servlet request what every transport of this front door needs of it. */
public final class HttpExchanges {
  private static final Logger log = LoggerFactory.getLogger(HttpExchanges.class);

  private final CallerResolver callers;
  private final int maxRequestSize;
  private final @Nullable String publicUrl;
  private final String restPath;

  HttpExchanges(CallerResolver callers, McpProperties properties, String restPath) {
    this.restPath = restPath;
    this.callers = callers;
    this.maxRequestSize = (int) properties.maxRequestSize().toBytes();
    this.publicUrl = withoutSlash(properties.publicUrl());
  }

  /** The request as handlers see it. */
  public Exchange of(HttpServletRequest request, HttpReply reply) {
    return new Exchange(
        callers.resolve(request),
        request::getHeader,
        request.getServletConnection().getConnectionId(),
        baseUrl(request),
        reply);
  }

  /** The path under which this server is reached, without a slash at the end. */
  public String path(HttpServletRequest request) {
    return publicUrl == null ? request.getContextPath() : URI.create(publicUrl).getPath();
  }

  /**
   * The whole body.
   *
   * @throws RpcException 413 or 415
   */
  public byte[] body(HttpServletRequest request) throws IOException {
    String type = request.getContentType();
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new RpcException(
          415, ErrorCode.INVALID_REQUEST, "The Content-Type must be application/json.");
    }
    if (request.getContentLengthLong() > maxRequestSize) {
      throw Endpoint.tooLarge(maxRequestSize);
    }
    byte[] body = request.getInputStream().readNBytes(maxRequestSize + 1);
    if (body.length > maxRequestSize) {
      throw Endpoint.tooLarge(maxRequestSize);
    }
    return body;
  }

  /**
   * Serves a request where it may wait for long: in its own thread if that is virtual or one of
   * {@link Threads#requests}, else on a virtual one.
   */
  public static void onWaitingThread(HttpServletRequest request, Runnable service) {
    if (Thread.currentThread().isVirtual() || Threads.servesRequests()) {
      service.run();
      return;
    }
    AsyncContext async = request.startAsync();
    // A held call has its own limit; the container's default of 30 s would cut it off.
    async.setTimeout(0);
    var _ =
        Threads.virtual(
            "longhaul-mcp",
            () -> {
              try {
                service.run();
              } finally {
                complete(async);
              }
            });
  }

  private static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.trace("A client has left, and the container has ended its request itself", e);
    }
  }

  private String baseUrl(HttpServletRequest request) {
    if (publicUrl != null) {
      return publicUrl + restPath;
    }
    StringBuffer url = request.getRequestURL();
    url.setLength(url.length() - request.getRequestURI().length());
    return url.append(request.getContextPath()).append(restPath).toString();
  }

  private static @Nullable String withoutSlash(@Nullable String url) {
    return url != null && url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
