package dev.longhaul.mcp;

import dev.longhaul.mcp.legacy.SseTransport;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.MessageReader;
import dev.longhaul.mcp.wire.RpcException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The transport of 2024-11-05: {@code GET /sse} opens the stream of a session, {@code POST
 * /messages} receives its messages.
 */
final class SseServlet extends RpcServlet {
  private static final long serialVersionUID = 1L;

  private final transient SseTransport transport;
  private final transient MessageReader reader = new MessageReader();
  private final String streamPath;
  private final String messagePath;

  SseServlet(
      SseTransport transport,
      HttpExchanges exchanges,
      KeepAlive keepAlive,
      String streamPath,
      String messagePath) {
    super(exchanges, keepAlive, "GET", "POST");
    this.transport = transport;
    this.streamPath = streamPath;
    this.messagePath = messagePath;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    if (!request.getServletPath().equals(streamPath)) {
      refuse(request, response);
      return;
    }
    stream(
        request,
        response,
        "its client has to begin again",
        (exchange, client) ->
            transport.stream(
                exchange.caller(),
                session -> exchanges.path(request) + messagePath + "?sessionId=" + session,
                client));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    if (!request.getServletPath().equals(messagePath)) {
      // Clients of later revisions try POST first; the 405 makes them open the stream instead.
      refuse(request, response);
      return;
    }
    HttpReply reply = reply(response, false);
    Exchange exchange = exchanges.of(request, reply);
    @Nullable JsonNode id = null;
    try {
      JsonNode node = reader.parse(exchanges.body(request));
      id = MessageReader.idOf(node);
      Message message = MessageReader.read(node);
      transport.receive(exchange, sessionId(request), message);
      reply.finishSilently();
    } catch (RuntimeException | Error e) {
      reply.fail(id, e);
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

  @Override
  void refuse(HttpServletRequest request, HttpServletResponse response) {
    refuse(
        response,
        request.getServletPath().equals(streamPath) ? "GET" : "POST",
        request.getMethod() + " is not served here.");
  }
}
