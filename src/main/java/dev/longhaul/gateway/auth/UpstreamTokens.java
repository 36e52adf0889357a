package dev.longhaul.gateway.auth;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The access token of an upstream, which all its sessions share. It is renewed a little before its
 * end, and when the upstream refuses it.
 */
final class UpstreamTokens {
  private static final Duration EARLY = Duration.ofSeconds(30);

  /** A token of this age that is refused is not replaced: another one would be refused as well. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Supplier<AccessToken> request;
  private final LongSupplier nanos;
  private @Nullable AccessToken current;
  private long since;

  /**
   * @param request asks for another one
   * @param nanos the time
   */
  UpstreamTokens(Supplier<AccessToken> request, LongSupplier nanos) {
    this.request = request;
    this.nanos = nanos;
  }

  /**
   * The token to send now.
   *
   * @param refused whether the one before was refused
   */
  synchronized String get(boolean refused) {
    AccessToken token = current;
    long age = nanos.getAsLong() - since;
    if (token == null || age >= usable(token).toNanos() || (refused && age >= FRESH.toNanos())) {
      token = request.get();
      current = token;
      since = nanos.getAsLong();
    }
    return token.value();
  }

  private static Duration usable(AccessToken token) {
    Duration fifth = token.lifetime().dividedBy(5);
    return token.lifetime().minus(fifth.compareTo(EARLY) < 0 ? fifth : EARLY);
  }
}
