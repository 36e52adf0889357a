package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a refused request over HTTP says about its session. */
final class Expiry {
  // Resource not found, method not found, invalid params, internal error: what a server says about
  // a request that it has handled.
  private static final Set<Integer> HANDLED = Set.of(-32002, Eras.METHOD_NOT_FOUND, -32602, -32603);

  // What the SDKs say, such as "Session not found", "Missing session ID", "Session has been
  // terminated" and "Server not initialized".
  private static final Pattern SDKS =
      Pattern.compile(
          "session[- ]id|session not found|session (has )?(been )?(expired|terminated)"
              + "|server not initialized");

  private Expiry() {}

  /**
   * Whether the request was not handled because the upstream does not know the session. The status
   * for that is 404; some servers use 400. An error that names the request may as well be of the
   * tool or resource that was asked for, so it must say what the SDKs say.
   */
  static boolean says(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return switch (failure) {
      case RpcErrorException e when HANDLED.contains(e.code()) -> false;
      case RpcErrorException e when e.namesRequest() ->
          (e.status() == 404 || e.status() == 400) && SDKS.matcher(message).find();
      case RpcErrorException e -> says(e.status(), message);
      case UpstreamLostException e -> says(e.status(), message);
      default -> false;
    };
  }

  private static boolean says(int status, String message) {
    return status == 404
        || (status == 400 && (message.contains("session") || message.contains("not initialized")));
  }
}
