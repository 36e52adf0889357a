package dev.longhaul.gateway.auth.login;

import dev.longhaul.redis.RedisUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the logins of all processes. Each change of a login gives it another version. All methods
 * throw {@link RedisUnavailableException} if it cannot be reached.
 */
public interface LoginStore {

  /**
   * A login as it is stored.
   *
   * @param sealed the encrypted login
   * @param expired whether the authorization server no longer accepts it
   */
  record Stored(String version, String sealed, boolean expired) {}

  Optional<Stored> find(String upstream);

  /** Whether there is a login, without its content; empty if none is there nor asked for. */
  Optional<LoginState> state(String upstream, Instant now);

  /**
   * Stores a new login in place of whatever is there, and tells running processes to connect again.
   *
   * @param until until when it holds, if that is known
   */
  void put(String upstream, String sealed, @Nullable Instant until);

  /**
   * Stores what a login has become.
   *
   * @param version the version from which it was made
   * @return the new version; empty if somebody else has changed the login since
   */
  Optional<String> replace(String upstream, String version, String sealed, @Nullable Instant until);

  /** Notes that a version of a login is no longer accepted, if it is still the one. */
  void expire(String upstream, String version);

  /**
   * Deletes a login, and tells running processes to connect again.
   *
   * @return whether there was one
   */
  boolean remove(String upstream);

  /** Notes for an hour that an upstream asks for a login. */
  void needed(String upstream);

  /**
   * Takes the lock of a login.
   *
   * @param by who takes it
   * @param limit how long it holds at most
   * @return whether it is taken
   */
  boolean lock(String upstream, String by, Duration limit);

  /** Gives the lock up, if it is still held by this one. */
  void unlock(String upstream, String by);
}
