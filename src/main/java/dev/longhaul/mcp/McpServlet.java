package dev.longhaul.mcp;

import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Threads;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
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
  private final transient HttpExchanges exchanges;
  private final transient KeepAlive keepAlive;

  public McpServlet(Endpoint endpoint, HttpExchanges exchanges, KeepAlive keepAlive) {
    this.endpoint = endpoint;
    this.exchanges = exchanges;
    this.keepAlive = keepAlive;
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
    HttpReply reply = new HttpReply(response, accepts(request, "text/event-stream"), keepAlive);
    // Here, in the container's thread: a host's security may know the caller in no other.
    Exchange exchange = exchanges.of(request, reply);
    HttpExchanges.onWaitingThread(request, () -> serve(request, response, exchange, reply));
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    HttpReply reply = new HttpReply(response, false, keepAlive);
    Exchange exchange = exchanges.of(request, reply);
    HttpExchanges.onWaitingThread(request, () -> get(request, response, exchange, reply));
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    HttpReply reply = new HttpReply(response, false, keepAlive);
    Exchange exchange = exchanges.of(request, reply);
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

  private void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      HttpReply reply) {
    if (reply.canStream() && exchange.header(Exchange.SESSION_HEADER) != null) {
      // A tool may let its client go and work on. The connection is the client's again then, and
      // what it sends next must not wait for the tool: so the container's thread returns.
      var served = new CompletableFuture<Void>();
      var _ =
          Threads.virtual(
              "longhaul-mcp",
              () -> {
                try {
                  post(request, response, exchange, reply);
                  served.complete(null);
                } catch (Throwable e) {
                  OutOfMemory.met(e);
                  served.completeExceptionally(e);
                }
              });
      CompletableFuture.anyOf(served, reply.released()).join();
    } else {
      post(request, response, exchange, reply);
    }
  }

  private void post(
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      HttpReply reply) {
    try {
      byte[] body = exchanges.body(request);
      endpoint.post(
          exchange,
          body,
          session -> response.setHeader(Exchange.SESSION_HEADER, session),
          answers -> writeBatch(response, answers));
    } catch (RuntimeException | Error e) {
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

  private void get(
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      HttpReply reply) {
    if (exchange.header(Exchange.SESSION_HEADER) == null || Endpoint.isModern(exchange)) {
      refuse(request, response, "GET");
      return;
    }
    try {
      if (!accepts(request, "text/event-stream")) {
        throw new RpcException(
            406, ErrorCode.INVALID_REQUEST, "GET opens an event stream: accept text/event-stream.");
      }
      endpoint.listen(exchange, response, keepAlive);
    } catch (RuntimeException | Error e) {
      if (response.isCommitted()) {
        Failures.requireMemory(e);
        log.warn("A stream ended early; its client can resume it", e);
      } else {
        Endpoint.fail(exchange, null, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reply.close();
    }
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
    response.setHeader("Allow", "POST, GET, DELETE");
    Endpoint.fail(
        exchanges.of(request, reply),
        null,
        new RpcException(
            405,
            ErrorCode.INVALID_REQUEST,
            method
                + " needs the "
                + Exchange.SESSION_HEADER
                + " of an earlier revision; POST one message."));
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
}
