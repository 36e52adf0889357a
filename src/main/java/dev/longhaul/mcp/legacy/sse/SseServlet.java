package dev.longhaul.mcp.legacy.sse;

import dev.longhaul.mcp.HttpExchanges;
import dev.longhaul.mcp.legacy.SseTransport;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.MessageReader;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** {@code GET /sse} opens the stream of a session, {@code POST /messages} takes its messages. */
public final class SseServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(SseServlet.class);

  private final transient SseTransport transport;
  private final transient HttpExchanges exchanges;
  private final transient KeepAlive keepAlive;
  private final transient MessageReader reader = new MessageReader();
  private final String streamPath;
  private final String messagePath;

  public SseServlet(
      SseTransport transport,
      HttpExchanges exchanges,
      KeepAlive keepAlive,
      String streamPath,
      String messagePath) {
    this.transport = transport;
    this.exchanges = exchanges;
    this.keepAlive = keepAlive;
    this.streamPath = streamPath;
    this.messagePath = messagePath;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    if (!request.getServletPath().equals(streamPath)) {
      refuse(request, response, "POST");
      return;
    }
    HttpReply reply = new HttpReply(response, false, keepAlive);
    // Here, in the container's thread: a host's security may know the caller in no other.
    Exchange exchange = exchanges.of(request, reply);
    HttpExchanges.onWaitingThread(request, () -> stream(request, response, exchange, reply));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    switch (request.getMethod()) {
      case "GET", "POST", "OPTIONS" -> super.service(request, response);
      // The container would answer 501 to a method it does not know, as if it had failed.
      default ->
          refuse(request, response, request.getServletPath().equals(streamPath) ? "GET" : "POST");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    if (!request.getServletPath().equals(messagePath)) {
      // Clients of later revisions try POST first; this tells them to open the stream instead.
      refuse(request, response, "GET");
      return;
    }
    HttpReply reply = new HttpReply(response, false, keepAlive);
    Exchange exchange = exchanges.of(request, reply);
    @Nullable JsonNode id = null;
    try {
      JsonNode node = reader.parse(exchanges.body(request));
      id = MessageReader.idOf(node);
      Message message = MessageReader.read(node);
      transport.take(exchange, sessionId(request), message);
      reply.finishSilently();
    } catch (SocketTimeoutException e) {
      var failure =
          new RpcException(408, ErrorCode.INVALID_REQUEST, "The body did not arrive in time.");
      reply.finish(408, Replies.error(null, failure.error()));
    } catch (IOException e) {
      log.debug("An MCP client left before its request was complete", e);
      var failure = new RpcException(400, ErrorCode.INVALID_REQUEST, "The body is not complete.");
      reply.finish(400, Replies.error(null, failure.error()));
    } catch (RuntimeException | Error e) {
      RpcException failure = Failures.of(e);
      reply.finish(failure.httpStatus(), Replies.error(id, failure.error()));
    } finally {
      reply.close();
    }
  }

  private static @Nullable String sessionId(HttpServletRequest request) {
    try {
      return request.getParameter("sessionId");
    } catch (IllegalStateException e) { // the container cannot read the query
      throw new RpcException(
          400, ErrorCode.INVALID_REQUEST, "The query of the address cannot be read.");
    }
  }

  private void stream(
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      HttpReply reply) {
    try {
      transport.stream(
          exchange.caller(),
          session -> exchanges.path(request) + messagePath + "?sessionId=" + session,
          response,
          keepAlive);
    } catch (RuntimeException | Error e) {
      if (response.isCommitted()) {
        Failures.requireMemory(e);
        log.warn("A stream of 2024-11-05 ended early; its client has to begin again", e);
      } else {
        RpcException failure = Failures.of(e);
        reply.finish(failure.httpStatus(), Replies.error(null, failure.error()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reply.close();
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, String allowed) {
    HttpReply reply = new HttpReply(response, false, keepAlive);
    response.setHeader("Allow", allowed);
    var failure =
        new RpcException(
            405, ErrorCode.INVALID_REQUEST, request.getMethod() + " is not served here.");
    reply.finish(405, Replies.error(null, failure.error()));
  }
}
