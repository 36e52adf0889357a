package dev.longhaul.gateway.config;

import java.io.Serial;

/** An entry cannot be used; the message names the field and the remedy, and has no secrets. */
final class InvalidEntryException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  InvalidEntryException(String message) {
    super(message);
  }
}
