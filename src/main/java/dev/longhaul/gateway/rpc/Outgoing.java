package dev.longhaul.gateway.rpc;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The way to an upstream whose responses come on one stream for all requests. */
interface Outgoing {

  /**
   * Sends a message; may block until the upstream takes it.
   *
   * @param headers HTTP headers of this message alone
   * @param limit how long it may block; null for no limit
   * @return takes the message back: true if it had not been sent and never will be
   * @throws UpstreamLostException if it cannot be sent
   */
  BooleanSupplier send(ObjectNode message, Map<String, String> headers, @Nullable Duration limit)
      throws InterruptedException;

  /** Sends a message if that is possible, without blocking this thread. */
  void sendLater(ObjectNode message);
}
