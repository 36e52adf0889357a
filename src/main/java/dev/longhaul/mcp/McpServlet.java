package dev.longhaul.mcp;

import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.RpcException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;

/**
 * The MCP endpoint as a servlet: least CPU for a call, and full control over when the first byte of
 * a stream is written. A held call waits on its thread, which is virtual: the container's own, or
 * one started here where the container has platform threads.
 */
public final class McpServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(McpServlet.class);

  private final transient Endpoint endpoint;
  private final transient CallerResolver callers;
  private final transient KeepAlive keepAlive;
  private final int maxRequestSize;
  private final @Nullable String publicUrl;

  public McpServlet(
      Endpoint endpoint, CallerResolver callers, KeepAlive keepAlive, McpProperties properties) {
    this.endpoint = endpoint;
    this.callers = callers;
    this.keepAlive = keepAlive;
    this.maxRequestSize = (int) properties.maxRequestSize().toBytes();
    this.publicUrl = withoutSlash(properties.publicUrl());
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    switch (request.getMethod()) {
      case "POST", "GET", "DELETE", "OPTIONS" -> super.service(request, response);
      // The container would answer 501 to a method it does not know, as if it had failed.
      default -> refuse(request, response, request.getMethod());
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    if (Thread.currentThread().isVirtual()) {
      post(request, response);
      return;
    }
    AsyncContext async = request.startAsync();
    // A held call has its own limit; the container's default of 30 s would cut it off.
    async.setTimeout(0);
    Thread.ofVirtual()
        .name("longhaul-mcp")
        .start(() -> {
          try {
            post(request, response);
          } finally {
            async.complete();
          }
        });
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    refuse(request, response, "GET");
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    HttpReply reply = new HttpReply(response, false, keepAlive);
    Exchange exchange = exchange(request, reply);
    String session = exchange.header(Exchange.SESSION_HEADER);
    if (session == null || Endpoint.isModern(exchange)) {
      refuse(request, response, "DELETE");
      return;
    }
    endpoint.delete(exchange, session);
    if (response.getStatus() == HttpServletResponse.SC_ACCEPTED) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
  }

  private void post(HttpServletRequest request, HttpServletResponse response) {
    HttpReply reply = new HttpReply(response, accepts(request, "text/event-stream"), keepAlive);
    Exchange exchange = exchange(request, reply);
    try {
      byte[] body = body(request);
      endpoint.post(
          exchange,
          body,
          session -> response.setHeader(Exchange.SESSION_HEADER, session),
          answers -> writeBatch(response, answers));
    } catch (RpcException e) {
      Endpoint.fail(exchange, null, e);
    } catch (SocketTimeoutException e) {
      Endpoint.fail(exchange, null, incomplete(408, "The body did not arrive in time."));
    } catch (IOException e) {
      // The client left in the middle of its body, or broke its own framing.
      log.debug("An MCP client left before its request was complete", e);
      Endpoint.fail(exchange, null, incomplete(400, "The body is not complete."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Also stops the keep-alive of a reply that nobody finished: the response is reused.
      reply.close();
    }
  }

  private byte[] body(HttpServletRequest request) throws IOException {
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

  private static RpcException incomplete(int status, String message) {
    return new RpcException(status, ErrorCode.INVALID_REQUEST, message);
  }

  private static void writeBatch(HttpServletResponse response, ArrayNode answers) {
    byte[] body = Json.bytes(answers);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
    } catch (IOException e) {
      // Gone: nobody is left to be told.
      response.setStatus(HttpServletResponse.SC_OK);
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, String method) {
    HttpReply reply = new HttpReply(response, false, keepAlive);
    response.setHeader("Allow", "POST, DELETE");
    Endpoint.fail(
        exchange(request, reply),
        null,
        new RpcException(
            405, ErrorCode.INVALID_REQUEST, method + " is not served here; POST one message."));
  }

  private Exchange exchange(HttpServletRequest request, HttpReply reply) {
    return new Exchange(callers.resolve(request), request::getHeader, baseUrl(request), reply);
  }

  private String baseUrl(HttpServletRequest request) {
    if (publicUrl != null) {
      return publicUrl;
    }
    StringBuffer url = request.getRequestURL();
    url.setLength(url.length() - request.getRequestURI().length());
    return url.append(request.getContextPath()).toString();
  }

  private static boolean accepts(HttpServletRequest request, String type) {
    var values = request.getHeaders("Accept");
    while (values.hasMoreElements()) {
      if (values.nextElement().toLowerCase(Locale.ROOT).contains(type)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String withoutSlash(@Nullable String url) {
    return url != null && url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
