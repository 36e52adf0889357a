package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.UpstreamConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Opens sessions with upstreams. */
public interface Sessions {

  /**
   * Opens a session, in the era of the protocol that the upstream speaks.
   *
   * @param capabilities what a legacy upstream is told that its client can be asked ({@code
   *     elicitation}, {@code sampling} and {@code roots}), where a question can be attributed to a
   *     call at all; a modern upstream is told with each call
   * @param behalf for whom it is opened, which the upstream learns as its configuration says; null
   *     for nobody in particular
   * @throws dev.longhaul.gateway.rpc.CallerRefusedException if that is refused
   * @throws dev.longhaul.gateway.rpc.UpstreamLostException if it cannot be reached or started, or
   *     refuses with an HTTP status
   * @throws dev.longhaul.gateway.rpc.RpcErrorException if it refuses with an error
   * @throws dev.longhaul.gateway.rpc.UpstreamProtocolException if it does not speak MCP, or no
   *     version that is known here
   * @throws InterruptedException if the thread was interrupted
   */
  UpstreamSession open(
      UpstreamConfig config,
      SessionListener listener,
      ObjectNode capabilities,
      @Nullable OnBehalf behalf)
      throws InterruptedException;

  /** Opens a session for nobody in particular. */
  default UpstreamSession open(
      UpstreamConfig config, SessionListener listener, ObjectNode capabilities)
      throws InterruptedException {
    return open(config, listener, capabilities, null);
  }

  /**
   * What a client can be asked, of its capabilities, without what is unknown: clients that can be
   * asked the same have equal ones.
   */
  static ObjectNode questions(ObjectNode capabilities) {
    return Capabilities.flags(capabilities);
  }

  /** The capabilities of a client that can be asked everything. */
  static ObjectNode everything() {
    return Capabilities.all();
  }

  /** Opens a session that declares all questions where they can be attributed to a call. */
  default UpstreamSession open(UpstreamConfig config, SessionListener listener)
      throws InterruptedException {
    return open(config, listener, everything());
  }
}
