package dev.longhaul.gateway.rpc;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP headers that say to an upstream who calls. Their values are secrets. */
@FunctionalInterface
public interface RequestHeaders {
  /** No headers. */
  RequestHeaders NONE = of(Map.of());

  /** The same headers for each message. */
  static RequestHeaders of(Map<String, String> headers) {
    Map<String, String> fixed = Map.copyOf(headers);
    return _ -> fixed;
  }

  /**
   * The headers of the next message; may block.
   *
   * @param challenge null, or what an upstream said in {@code WWW-Authenticate} (maybe nothing, so
   *     empty) when it refused the headers given before with 401. Other headers are tried once, the
   *     same ones are not.
   */
  Map<String, String> get(@Nullable String challenge) throws InterruptedException;
}
