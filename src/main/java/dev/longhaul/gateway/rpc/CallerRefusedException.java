package dev.longhaul.gateway.rpc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An upstream, or its authorization server, does not take the identity of one caller. Nothing was
 * run; calls of others are not affected.
 */
public final class CallerRefusedException extends UpstreamLostException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * @param status the HTTP status of the refusal, 0 if there is none
   */
  public CallerRefusedException(String message, int status, @Nullable Throwable cause) {
    super(message, false, status, cause);
  }
}
