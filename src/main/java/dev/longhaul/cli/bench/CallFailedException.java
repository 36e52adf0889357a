package dev.longhaul.cli.bench;

/** The server answered a call with an error, or with a result that is one. */
final class CallFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallFailedException(String message) {
    super(message);
  }
}
