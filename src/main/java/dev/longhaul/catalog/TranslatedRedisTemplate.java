package dev.longhaul.catalog;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Every failure of Redis is a {@code DataAccessException}. Spring Data translates those that Redis
 * answers with, but lets through what a connection that was closed meanwhile throws: {@code
 * CancellationException}, {@code IllegalStateException}. Whoever goes on after an outage could not
 * tell that from a mistake in the code.
 */
public final class TranslatedRedisTemplate extends StringRedisTemplate {

  public TranslatedRedisTemplate(RedisConnectionFactory connections) {
    super(connections);
  }

  /** The same connections, with every failure translated. */
  public static StringRedisTemplate of(StringRedisTemplate template) {
    return template instanceof TranslatedRedisTemplate
        ? template
        : new TranslatedRedisTemplate(Objects.requireNonNull(template.getConnectionFactory()));
  }

  @Override
  public <T extends @Nullable Object> T execute(
      RedisCallback<T> action, boolean exposeConnection, boolean pipeline) {
    try {
      return super.execute(action, exposeConnection, pipeline);
    } catch (DataAccessException e) {
      throw e;
    } catch (IllegalStateException | RejectedExecutionException e) {
      throw new RedisConnectionFailureException(
          "Redis could not be used: its connection was closed", e);
    }
  }
}
