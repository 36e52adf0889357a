package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import org.jspecify.annotations.Nullable;

/** Opens connections to upstreams. */
@FunctionalInterface
public interface PeerOpener {

  /**
   * Opens a connection: starts the process of a stdio upstream; with HTTP and SSE it waits for the
   * endpoint.
   *
   * @param transport {@code SSE} for HTTP with SSE; anything else is streamable HTTP, and has no
   *     meaning for a stdio upstream
   * @param receiver gets what the upstream sends for no request
   * @param behalf for whom it is opened; null for nobody in particular
   */
  Peer open(UpstreamConfig config, HttpKind transport, Receiver receiver, @Nullable OnBehalf behalf)
      throws InterruptedException;
}
