package dev.longhaul.mcp;

import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.HttpReply;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Threads;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of both transports' servlets: served HTTP methods, the thread on which a request may
 * wait, and error responses.
 */
abstract class RpcServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(RpcServlet.class);

  final transient HttpExchanges exchanges;
  private final transient KeepAlive keepAlive;
  private final transient Set<String> methods;

  /**
   * @param methods the HTTP methods that are served, OPTIONS apart
   */
  RpcServlet(HttpExchanges exchanges, KeepAlive keepAlive, String... methods) {
    this.exchanges = exchanges;
    this.keepAlive = keepAlive;
    this.methods = Set.of(methods);
  }

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (methods.contains(request.getMethod()) || request.getMethod().equals("OPTIONS")) {
      super.service(request, response);
    } else {
      // Without this, the container responds with 501 to an unknown method.
      refuse(request, response);
    }
  }

  /** Responds to a request whose method is not served at its path. */
  abstract void refuse(HttpServletRequest request, HttpServletResponse response);

  final void refuse(HttpServletResponse response, String allowed, String message) {
    response.setHeader("Allow", allowed);
    reply(response, false).fail(null, new RpcException(405, ErrorCode.INVALID_REQUEST, message));
  }

  final HttpReply reply(HttpServletResponse response, boolean canStream) {
    return new HttpReply(response, canStream, keepAlive);
  }

  /** A reply whose stream may outlast its request. */
  final HttpReply reply(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean canStream,
      Duration writeLimit) {
    return new HttpReply(request, response, canStream, keepAlive, writeLimit);
  }

  /** Serves a GET that opens a stream. */
  @FunctionalInterface
  interface Streaming {
    void serve(Exchange exchange, PushStream client) throws InterruptedException;
  }

  /**
   * Serves a GET until its stream ends.
   *
   * @param recovery what the client can do if the stream ends early, for the log
   */
  final void stream(
      HttpServletRequest request,
      HttpServletResponse response,
      String recovery,
      Streaming streaming) {
    HttpReply reply = reply(response, false);
    onWaitingThread(
        request,
        reply,
        exchange -> {
          try (var client = new PushStream(response, keepAlive)) {
            streaming.serve(exchange, client);
          } catch (RuntimeException | Error e) {
            if (response.isCommitted()) {
              Failures.requireMemory(e);
              log.warn("A stream ended early; {}", recovery, e);
            } else {
              reply.fail(null, e);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            reply.close();
          }
        });
  }

  /**
   * Serves a request on a thread that may block for long: the current one if it is virtual or one
   * of {@link Threads#requests}, else a new virtual one.
   */
  final void onWaitingThread(
      HttpServletRequest request, HttpReply reply, Consumer<Exchange> service) {
    // In the container's thread, because a host's security may bind the caller to that thread.
    Exchange exchange = exchanges.of(request, reply);
    if (Thread.currentThread().isVirtual() || Threads.servesRequests()) {
      service.accept(exchange);
      return;
    }
    AsyncContext async = request.startAsync();
    // A held call has its own limit, longer than the container's default of 30 s.
    async.setTimeout(0);
    var _ =
        Threads.virtual(
            "longhaul-mcp",
            () -> {
              try {
                service.accept(exchange);
              } finally {
                complete(async);
              }
            });
  }

  private static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.trace(
          "A client has disconnected, and the container has already completed its request", e);
    }
  }
}
