package dev.longhaul.gateway.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The access tokens of an upstream, one for each owner. Those that were used least recently are
 * forgotten when there are too many.
 */
final class OwnerTokens {
  static final int MOST = 1_000;

  private final Function<String, AccessToken> request;
  private final LongSupplier nanos;
  private final Map<String, UpstreamTokens> byOwner =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, UpstreamTokens> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param request asks for another one, for an owner
   * @param nanos the time
   */
  OwnerTokens(Function<String, AccessToken> request, LongSupplier nanos) {
    this.request = request;
    this.nanos = nanos;
  }

  /**
   * The token to send now for an owner.
   *
   * @param refused whether the one before was refused
   */
  String get(String owner, boolean refused) {
    UpstreamTokens tokens;
    synchronized (byOwner) {
      tokens =
          byOwner.computeIfAbsent(
              owner, _ -> new UpstreamTokens(() -> request.apply(owner), nanos));
    }
    return tokens.get(refused); // not in the lock: it may ask
  }
}
