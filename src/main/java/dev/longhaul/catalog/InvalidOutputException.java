package dev.longhaul.catalog;

import dev.longhaul.tool.PermanentFailureException;

/** A tool returned what its own output schema does not allow: the author's mistake. */
final class InvalidOutputException extends PermanentFailureException {
  private static final long serialVersionUID = 1L;

  InvalidOutputException(String message) {
    super(message);
  }
}
