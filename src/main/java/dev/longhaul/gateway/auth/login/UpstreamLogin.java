package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.Login.Tokens;
import dev.longhaul.gateway.auth.login.LoginStore.Stored;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.redis.RedisUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login of one upstream as this process uses it. Its access token is renewed a little before
 * its end and when the upstream refuses it, by one process at a time, because a refresh token may
 * be good for one use only. What was renewed is stored before it is used.
 */
final class UpstreamLogin {
  private static final Duration EARLY = Duration.ofSeconds(30);

  /** A token of this age that is refused is not renewed: another one would be refused as well. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** For how long a login is used without a look whether it has changed. */
  private static final Duration CHECKED = Duration.ofSeconds(5);

  /** Longer than a request to an authorization server takes at most. */
  private static final Duration LOCK = Duration.ofSeconds(60);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);
  private static final long LOOK_MILLIS = 50;
  private static final Logger log = LoggerFactory.getLogger(UpstreamLogin.class);

  private final String upstream;
  private final String address;
  private final LoginStore store;
  private final LoginKey key;
  private final Renewal renewal;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Known known;
  private @Nullable Known unstored;

  /** Renews the tokens of a login. */
  @FunctionalInterface
  interface Renewal {
    Tokens renew(Login login, String refreshToken) throws LoginFailedException;
  }

  /**
   * A version of the login, and when it was last looked whether it is still the one.
   *
   * @param expired whether it is no longer accepted
   */
  private record Known(String version, Login login, boolean expired, Instant checked) {
    Known at(Instant now) {
      return new Known(version, login, expired, now);
    }
  }

  /**
   * @param address the address of the upstream
   */
  UpstreamLogin(
      String upstream,
      String address,
      LoginStore store,
      LoginKey key,
      Renewal renewal,
      Clock clock) {
    this.upstream = upstream;
    this.address = address;
    this.store = store;
    this.key = key;
    this.renewal = renewal;
    this.clock = clock;
  }

  /** Has the next use look whether the login has changed. */
  void check() {
    Known now = known;
    if (now != null) {
      known = now.at(Instant.EPOCH);
    }
  }

  /**
   * The access token to send now; null if none has been asked for yet.
   *
   * @param refused whether the upstream has refused what was sent before
   * @throws UpstreamLostException if there is no login, or it has expired
   */
  @Nullable String token(boolean refused) throws InterruptedException {
    Known now = known;
    Instant time = clock.instant();
    if (!refused) {
      if (now == null) {
        // Whether it needs one is said by a 401, so that those without cost nothing.
        return null;
      }
      if (isUsable(now, time) && now.checked().plus(CHECKED).isAfter(time)) {
        return now.login().tokens().access();
      }
    }
    lock.lockInterruptibly();
    try {
      return current(refused ? now : null).login().tokens().access();
    } catch (RedisUnavailableException e) {
      if (!refused && now != null && isUsable(now, time)) {
        return now.login().tokens().access();
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param before what was refused; null if it was not
   */
  private Known current(@Nullable Known before) throws InterruptedException {
    storeAgain();
    Known now = accepted(read());
    Instant time = clock.instant();
    Tokens tokens = now.login().tokens();
    boolean refused =
        before != null
            && before.login().tokens().access().equals(tokens.access())
            && tokens.at().plus(FRESH).isBefore(time);
    if (!refused && isUsable(now, time)) {
      return now;
    }
    boolean lasts = !refused && tokens.accessUntil().isAfter(time);
    String refresh = tokens.refresh();
    if (refresh == null) {
      if (lasts) {
        return now;
      }
      store.expire(upstream, now.version());
      throw expired(null);
    }
    try {
      return renewed(now, refresh);
    } catch (TokenRefusedException e) {
      if (hasEnded(now, e)) {
        store.expire(upstream, now.version());
        throw expired(e);
      }
      return later(now, lasts, e);
    } catch (LoginFailedException e) {
      return later(now, lasts, e);
    }
  }

  private Known later(Known now, boolean lasts, LoginFailedException e) {
    if (lasts) {
      log.warn("The login of upstream {} is renewed later: {}", upstream, e.getMessage());
      return now;
    }
    throw lost(String.valueOf(e.getMessage()), e);
  }

  private static boolean hasEnded(Known login, TokenRefusedException refused) {
    return switch (refused.error()) {
      case "invalid_grant" -> true;
      case "invalid_client", "unauthorized_client" -> login.login().client().registered();
      default -> false;
    };
  }

  private Known accepted(Known login) {
    if (login.expired()) {
      throw expired(null);
    }
    return login;
  }

  private static boolean isUsable(Known known, Instant now) {
    Tokens tokens = known.login().tokens();
    Duration fifth = Duration.between(tokens.at(), tokens.accessUntil()).dividedBy(5);
    Duration early = fifth.compareTo(EARLY) < 0 ? fifth : EARLY;
    return !known.expired() && now.isBefore(tokens.accessUntil().minus(early));
  }

  /** The login as it is stored. */
  private Known read() {
    Known before = known;
    Optional<Stored> stored = store.find(upstream);
    if (stored.isEmpty()) {
      known = null;
      throw needed();
    }
    Stored found = stored.get();
    Known now =
        before != null
                && before.version().equals(found.version())
                && before.expired() == found.expired()
            ? before.at(clock.instant())
            : new Known(found.version(), opened(found), found.expired(), clock.instant());
    known = now;
    return now;
  }

  private Login opened(Stored stored) {
    Login login;
    try {
      login = key.open(upstream, stored.sealed());
    } catch (LoginFailedException e) {
      throw lost(String.valueOf(e.getMessage()), e);
    }
    if (!login.upstream().equals(address)) {
      known = null; // another server must not get its token
      throw needed();
    }
    return login;
  }

  private Known renewed(Known old, String refresh)
      throws LoginFailedException, InterruptedException {
    String me = UUID.randomUUID().toString();
    Instant end = clock.instant().plus(LONGEST_WAIT);
    while (!store.lock(upstream, me, LOCK)) {
      Thread.sleep(LOOK_MILLIS);
      Known now = accepted(read());
      if (!now.version().equals(old.version())) {
        return now; // another process has renewed it
      }
      if (clock.instant().isAfter(end)) {
        throw new LoginFailedException(
            "Another process is renewing the login of the upstream " + upstream + ".");
      }
    }
    try {
      Known now = accepted(read());
      return now.version().equals(old.version())
          ? stored(now, renewal.renew(now.login(), refresh))
          : now;
    } finally {
      unlock(me);
    }
  }

  // The refresh token before may be used up, so that the new one must not be lost with Redis.
  private Known stored(Known old, Tokens tokens) {
    Login login = old.login().with(tokens);
    unstored = new Known(old.version(), login, false, clock.instant());
    storeAgain();
    return read();
  }

  private void storeAgain() {
    Known waiting = unstored;
    if (waiting == null) {
      return;
    }
    try {
      var _ =
          store.replace(
              upstream,
              waiting.version(),
              key.seal(upstream, waiting.login()),
              waiting.login().until());
      unstored = null;
    } catch (RedisUnavailableException e) {
      throw lost("The renewed login of the upstream " + upstream + " cannot be stored yet.", e);
    } catch (LoginFailedException e) {
      throw lost(String.valueOf(e.getMessage()), e);
    }
  }

  private void unlock(String me) {
    try {
      store.unlock(upstream, me);
    } catch (RedisUnavailableException e) {
      log.debug("The lock of the login of upstream {} ends by itself", upstream, e);
    }
  }

  private UpstreamLostException needed() {
    try {
      store.needed(upstream);
    } catch (RedisUnavailableException e) {
      log.debug("That upstream {} needs a login is not noted", upstream, e);
    }
    return lost(
        "The upstream " + upstream + " asks for a login. Run " + Commands.login(upstream), null);
  }

  private UpstreamLostException expired(@Nullable Throwable cause) {
    return lost(
        "The login of the upstream " + upstream + " has expired. Run " + Commands.login(upstream),
        cause);
  }

  private static UpstreamLostException lost(String message, @Nullable Throwable cause) {
    return new UpstreamLostException(message, false, 401, cause);
  }
}
