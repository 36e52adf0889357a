package dev.longhaul.gateway.auth.login;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody is logged in for an upstream.
 *
 * @param until until when the login holds; null if that is not known or there is none
 */
public record LoginState(State state, @Nullable Instant until) {

  /** Whether there is a login. */
  public enum State {
    /** The upstream has asked for one, and there is none. */
    NEEDED,
    PRESENT,
    /** There is one that is no longer accepted. */
    EXPIRED
  }
}
