package dev.longhaul.gateway.process;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The command of an upstream cannot be started; the message says what to do. */
public final class ChildStartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ChildStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
