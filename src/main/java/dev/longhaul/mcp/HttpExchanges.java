package dev.longhaul.mcp;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.RpcException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what both transports need from a servlet request: caller, body, URLs. */
final class HttpExchanges {
  private static final Logger log = LoggerFactory.getLogger(HttpExchanges.class);

  private static final int SMALL_BODY = 16_384;

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
  Exchange of(HttpServletRequest request, HttpReply reply) {
    return new Exchange(
        callers.resolve(request),
        request::getHeader,
        request.getServletConnection().getConnectionId(),
        baseUrl(request),
        reply);
  }

  /** The path under which clients reach this server, without a trailing slash. */
  String path(HttpServletRequest request) {
    return publicUrl == null ? request.getContextPath() : URI.create(publicUrl).getPath();
  }

  /**
   * The whole body.
   *
   * @throws RpcException 400, 408, 413 or 415
   */
  byte[] body(HttpServletRequest request) {
    String type = request.getContentType();
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw refused(415, "The Content-Type must be application/json.");
    }
    if (request.getContentLengthLong() > maxRequestSize) {
      throw tooLarge();
    }
    try {
      byte[] body = read(request);
      if (body.length > maxRequestSize) {
        throw tooLarge();
      }
      return body;
    } catch (SocketTimeoutException e) {
      log.debug("A body did not arrive in time", e);
      throw refused(408, "The body did not arrive in time.");
    } catch (IOException e) {
      // The client disconnected within its body, or the body's framing is invalid.
      log.debug("An MCP client left before its request was complete", e);
      throw refused(400, "The body is not complete.");
    }
  }

  // Most bodies are small, and the stream's own method begins with a buffer of 16 KB.
  private byte[] read(HttpServletRequest request) throws IOException {
    InputStream in = request.getInputStream();
    int declared = request.getContentLength();
    if (declared < 0 || declared >= SMALL_BODY) {
      return in.readNBytes(maxRequestSize + 1);
    }
    byte[] body = new byte[declared + 1];
    int length = in.readNBytes(body, 0, body.length);
    if (length <= declared) {
      return Arrays.copyOf(body, length);
    }
    // A filter has decompressed it, so it is longer than declared.
    byte[] rest = in.readNBytes(Math.max(maxRequestSize + 1 - length, 0));
    byte[] whole = Arrays.copyOf(body, length + rest.length);
    System.arraycopy(rest, 0, whole, length, rest.length);
    return whole;
  }

  private RpcException tooLarge() {
    return refused(
        413,
        "The body is larger than " + maxRequestSize + " bytes (longhaul.mcp.max-request-size).");
  }

  private static RpcException refused(int status, String message) {
    return new RpcException(status, ErrorCode.INVALID_REQUEST, message);
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
