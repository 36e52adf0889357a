package dev.longhaul.mcp;

import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Threads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ArrayNode;

/**
 * The MCP endpoint as a servlet, which costs the least CPU per call and controls when the first
 * byte of a stream is written. A held call waits on a virtual thread or on one of {@link
 * Threads#requests}.
 */
final class McpServlet extends RpcServlet {
  private static final long serialVersionUID = 1L;

  private final transient Endpoint endpoint;
  private final Duration writeLimit;

  McpServlet(Endpoint endpoint, HttpExchanges exchanges, KeepAlive keepAlive, Duration writeLimit) {
    super(exchanges, keepAlive, "POST", "GET", "DELETE");
    this.endpoint = endpoint;
    this.writeLimit = writeLimit;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    HttpReply reply = reply(request, response, takesEvents(request), writeLimit);
    onWaitingThread(request, reply, exchange -> serve(request, response, exchange, reply));
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    stream(
        request,
        response,
        "its client can resume it",
        (exchange, client) -> {
          if (exchange.header(Exchange.SESSION_HEADER) == null || Endpoint.isModern(exchange)) {
            refuse(request, response);
            return;
          }
          if (!takesEvents(request)) {
            throw new RpcException(
                406,
                ErrorCode.INVALID_REQUEST,
                "GET opens an event stream: accept text/event-stream.");
          }
          endpoint.listen(exchange, client);
        });
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    Exchange exchange = exchanges.of(request, reply(response, false));
    String session = exchange.header(Exchange.SESSION_HEADER);
    if (session == null || Endpoint.isModern(exchange)) {
      refuse(request, response);
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
      // A tool may release its client's connection and continue. The client's next request on that
      // connection must not wait for the tool, so the container's thread returns.
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
      reply.fail(null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Also stops the keep-alive of an unfinished reply, because the container reuses the
      // response.
      reply.close();
    }
  }

  private static void writeBatch(HttpServletResponse response, ArrayNode answers) {
    byte[] body = Json.bytes(answers);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
    } catch (IOException e) {
      // The client has disconnected.
      response.setStatus(HttpServletResponse.SC_OK);
    }
  }

  @Override
  void refuse(HttpServletRequest request, HttpServletResponse response) {
    refuse(
        response,
        "POST, GET, DELETE",
        request.getMethod()
            + " needs the "
            + Exchange.SESSION_HEADER
            + " of an earlier revision; POST one message.");
  }

  private static boolean takesEvents(HttpServletRequest request) {
    var values = request.getHeaders("Accept");
    while (values.hasMoreElements()) {
      if (values.nextElement().toLowerCase(Locale.ROOT).contains("text/event-stream")) {
        return true;
      }
    }
    return false;
  }
}
