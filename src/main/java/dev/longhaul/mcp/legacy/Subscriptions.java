package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.RpcException;
import java.util.Set;

/** The resources that sessions have subscribed to. */
public interface Subscriptions {
  /** The longest URI in characters. */
  int MAX_URI_LENGTH = 4_096;

  /** How many subscriptions one session can have. */
  int MAX_PER_SESSION = 1_000;

  /**
   * Stores a subscription.
   *
   * @return false if the session has the most already
   */
  boolean put(String session, String uri);

  /** Whether the session has subscribed to the resource. */
  boolean contains(String session, String uri);

  /** All that the session has subscribed to. */
  Set<String> of(String session);

  void remove(String session, String uri);

  /** The session has ended. */
  void end(String session);

  /**
   * Adds a subscription.
   *
   * @throws RpcException {@code INVALID_PARAMS} if the session has too many, or the URI is too long
   */
  default void add(String session, String uri) {
    if (uri.length() > MAX_URI_LENGTH) {
      throw RpcException.invalidParams(
          "params.uri is longer than " + MAX_URI_LENGTH + " characters.");
    }
    if (!put(session, uri)) {
      throw RpcException.invalidParams(
          "The session has "
              + MAX_PER_SESSION
              + " subscriptions, which is the limit; unsubscribe from some.");
    }
  }
}
