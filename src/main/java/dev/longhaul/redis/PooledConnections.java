package dev.longhaul.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Makes Spring Data's connection pool, which Spring Boot creates if commons-pool2 is on the class
 * path, drop lost connections. By default the pool hands out a lost connection again, also as
 * Spring Data's shared connection, and each call on it waits for the whole {@code
 * spring.data.redis.timeout}. Here the pool tests connections before it hands them out, and {@link
 * #closeShared} closes the lost one.
 */
final class PooledConnections implements BeanPostProcessor {
  private static final String POOL = "poolConfig";

  // Set by property name, because commons-pool2 is optional. The pool is created with the first
  // connection, so this is early enough.
  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof LettuceConnectionFactory factory && isPooled(factory)) {
      new BeanWrapperImpl(factory.getClientConfiguration())
          .setPropertyValue(POOL + ".testOnBorrow", true);
    }
    return bean;
  }

  /**
   * Closes Spring Data's shared connection if it came from a pool: returned to the pool it would
   * stay open, and callers would keep waiting on it.
   */
  static void closeShared(LettuceConnectionFactory factory) {
    if (!isPooled(factory)) {
      return;
    }
    try (RedisConnection connection = factory.getConnection()) {
      if (connection.getNativeConnection() instanceof AbstractRedisAsyncCommands<?, ?> shared) {
        var _ = shared.getConnection().closeAsync();
      }
    }
  }

  private static boolean isPooled(LettuceConnectionFactory factory) {
    return new BeanWrapperImpl(factory.getClientConfiguration()).isReadableProperty(POOL);
  }
}
