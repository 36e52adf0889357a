package dev.longhaul.security;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The verified access token with which this thread's request came. It is for exchange at an
 * authorization server alone (RFC 8693): it must not be stored, logged or sent to another server,
 * and other threads do not have it.
 */
public final class PresentedToken {
  private static final ScopedValue<PresentedToken> CURRENT = ScopedValue.newInstance();

  private final String text;

  private PresentedToken(String text) {
    this.text = text;
  }

  /** The token of the request; empty if it came with an API key, or without a credential. */
  public static Optional<String> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get().text) : Optional.empty();
  }

  /** Does something for a request that came with a token. */
  public static <T extends @Nullable Object> T call(String token, Callable<T> task)
      throws Exception {
    return ScopedValue.where(CURRENT, new PresentedToken(token)).call(task::call);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "an access token";
  }
}
