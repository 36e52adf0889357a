package dev.longhaul.catalog;

import dev.longhaul.tool.PermanentFailureException;

/** A tool's result violates its own output schema, which is a mistake of its author. */
final class InvalidOutputException extends PermanentFailureException {
  private static final long serialVersionUID = 1L;

  InvalidOutputException(String message) {
    super(message);
  }
}
