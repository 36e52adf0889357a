package dev.longhaul.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Redis was not reachable, refused, or did not respond in time. Whether the command took effect is
 * unknown.
 */
public final class RedisUnavailableException extends DataAccessResourceFailureException {
  private static final long serialVersionUID = 1L;

  public RedisUnavailableException(String message) {
    super(message);
  }

  public RedisUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static RedisUnavailableException of(Throwable cause) {
    return new RedisUnavailableException("Redis could not be used: " + cause.getMessage(), cause);
  }
}
