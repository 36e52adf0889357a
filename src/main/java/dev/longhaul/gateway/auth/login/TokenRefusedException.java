package dev.longhaul.gateway.auth.login;

import java.io.Serial;

/** An authorization server has refused a token by an error of RFC 6749, section 5.2. */
final class TokenRefusedException extends LoginFailedException {
  @Serial private static final long serialVersionUID = 1;

  private final String error;

  TokenRefusedException(String error, String message) {
    super(message);
    this.error = error;
  }

  /** The code, such as {@code invalid_grant}; empty if there was none. */
  String error() {
    return error;
  }
}
