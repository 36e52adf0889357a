package dev.longhaul.gateway.rpc;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC 2.0 with one upstream over one transport. Requests may be sent from many threads at
 * once; each blocks the thread that sends it until its response has come.
 */
public interface Peer extends AutoCloseable {

  /**
   * Sends a request and waits for its response. When the thread is interrupted, the upstream gets
   * what cancels the request (see {@link Request#cancellation}).
   *
   * @param receiver gets what the upstream sends for this request before its response: over HTTP
   *     everything on its stream, over stdio the progress with its token
   * @return the {@code result}
   * @throws RpcErrorException if the upstream responded with an error
   * @throws UpstreamLostException if the connection ended; it says whether the request had been
   *     sent
   * @throws UpstreamProtocolException if what came is no valid response
   * @throws InterruptedException if the thread was interrupted
   */
  ObjectNode request(Request request, Receiver receiver) throws InterruptedException;

  /**
   * Sends a notification.
   *
   * @throws UpstreamLostException if it could not be sent
   */
  void notify(String method, ObjectNode params) throws InterruptedException;

  /**
   * Sets HTTP headers of all later messages, in place of those set before. The headers of a request
   * have precedence. Without meaning over stdio.
   */
  default void headers(Map<String, String> headers) {}

  /**
   * Listens, until this is closed, to what the upstream sends outside of requests, where that takes
   * a stream of its own: streamable HTTP up to 2025-11-25. If the upstream has no such stream,
   * nothing is received.
   */
  default void listen() {}

  /** The id of the process of a stdio upstream; null for others. */
  default @Nullable Long pid() {
    return null;
  }

  /** Whether requests can be sent. Over HTTP always, until it is closed. */
  boolean isOpen();

  /** Ends the connection, and the process of a stdio upstream. All open requests fail. */
  @Override
  void close();
}
