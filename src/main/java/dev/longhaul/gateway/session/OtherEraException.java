package dev.longhaul.gateway.session;

import java.io.Serial;

/** The upstream does not speak the era of the protocol that was tried. */
final class OtherEraException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean silent;

  /**
   * @param silent whether it did not answer at all, though it still runs
   */
  OtherEraException(String message, boolean silent, Throwable cause) {
    super(message, cause);
    this.silent = silent;
  }

  boolean silent() {
    return silent;
  }
}
