package dev.longhaul.gateway.rpc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The upstream could not be reached, or the connection ended before the response. */
public class UpstreamLostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean sent;
  private final int status;

  /**
   * @param sent whether the upstream may have received the request
   * @param status the HTTP status, 0 if there is none
   */
  public UpstreamLostException(
      String message, boolean sent, int status, @Nullable Throwable cause) {
    super(message, cause);
    this.sent = sent;
    this.status = status;
  }

  /** Whether the upstream may have received the request, so that it may have run. */
  public boolean sent() {
    return sent;
  }

  /** The HTTP status of a response that is no JSON-RPC, such as 401, 404 or 503; else 0. */
  public int status() {
    return status;
  }
}
