package dev.longhaul.mcp.observation;

/** Marks an observation as failed where the error was sent and not thrown; no stack trace. */
final class FailedMethodException extends RuntimeException {
  FailedMethodException(String errorType) {
    super(errorType, null, false, false);
  }
}
