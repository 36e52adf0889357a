package dev.longhaul.gateway.rpc;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The upstream did not answer within the limit of the request. */
public final class UpstreamTimeoutException extends UpstreamLostException {
  @Serial private static final long serialVersionUID = 1;

  public UpstreamTimeoutException(
      String upstream, Duration limit, boolean sent, @Nullable Throwable cause) {
    super("The upstream " + upstream + " did not answer within " + limit + ".", sent, 0, cause);
  }
}
