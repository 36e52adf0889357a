package dev.longhaul.gateway.rpc;

import tools.jackson.databind.node.ObjectNode;

/** What an upstream sends on its own: notifications and requests. */
public interface Receiver {

  /** A receiver that ignores notifications and refuses requests with -32601. */
  Receiver NONE = (method, _) -> {};

  /** Gets a notification. It is called in the thread that reads, so it must not block for long. */
  void notification(String method, ObjectNode params);

  /**
   * Answers a request of the upstream; may block.
   *
   * @return the result
   * @throws RpcErrorException for an error response
   */
  default ObjectNode request(String method, ObjectNode params) throws InterruptedException {
    throw RpcErrorException.methodNotFound(method);
  }

  /**
   * The connection, over stdio or HTTP with SSE, has ended by itself. It is called once, and not
   * for a request's receiver.
   */
  default void closed(RuntimeException why) {}

  /**
   * The upstream no longer knows the session to which this listens, over streamable HTTP. It may be
   * called again and again until there is another session, and must not block.
   */
  default void expired() {}
}
