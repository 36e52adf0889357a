package dev.longhaul.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Marks an observation as failed where nothing was thrown: a result with {@code isError: true}, a
 * refusal or a time-out. It has no stack trace.
 */
final class FailedOperationException extends RuntimeException {

  /**
   * @param errorType see {@link OperationContext#errorType}
   */
  FailedOperationException(@Nullable String errorType) {
    super(errorType, null, false, false);
  }
}
