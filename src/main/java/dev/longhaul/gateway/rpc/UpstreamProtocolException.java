package dev.longhaul.gateway.rpc;

import java.io.Serial;

/** The upstream sent what the protocol does not allow, or more than the bounds. */
public final class UpstreamProtocolException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public UpstreamProtocolException(String message) {
    super(message);
  }
}
