package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.RpcException;

/** The resources that sessions want to hear of. */
public interface Subscriptions {
  /** The longest URI, in characters. */
  int LONGEST = 4_096;

  /** The most that one session has. */
  int MOST = 1_000;

  /**
   * Adds one.
   *
   * @return whether there was room for it
   */
  boolean put(String session, String uri);

  /** Whether the session wants to hear of the resource. */
  boolean contains(String session, String uri);

  void remove(String session, String uri);

  /** The session has ended. */
  void end(String session);

  /**
   * Adds one.
   *
   * @throws RpcException {@code INVALID_PARAMS} if the session has too many, or the URI is too long
   */
  default void add(String session, String uri) {
    if (uri.length() > LONGEST) {
      throw RpcException.invalidParams("params.uri is longer than " + LONGEST + " characters.");
    }
    if (!put(session, uri)) {
      throw RpcException.invalidParams(
          "The session has " + MOST + " subscriptions, which is the most; unsubscribe from some.");
    }
  }
}
