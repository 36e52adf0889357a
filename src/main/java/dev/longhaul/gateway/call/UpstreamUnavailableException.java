package dev.longhaul.gateway.call;

/**
 * An upstream cannot be reached now, and a call was not sent. The call can be repeated, whatever it
 * does.
 */
public final class UpstreamUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UpstreamUnavailableException(String message) {
    super(message);
  }
}
