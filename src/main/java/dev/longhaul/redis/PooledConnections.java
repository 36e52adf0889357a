package dev.longhaul.redis;

import io.lettuce.core.AbstractRedisAsyncCommands;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What is done about a pool of Spring Data's connections, which Boot makes wherever a library
 * brings commons-pool2. By default such a pool takes back a connection that is lost and hands it
 * out again, also as the one that Spring Data shares; each call on it waits for the whole {@code
 * spring.data.redis.timeout}. Here every pool looks whether a connection is open before it hands it
 * out, and {@link #closeShared} sees that the lost one is not.
 */
final class PooledConnections implements BeanPostProcessor {
  private static final String POOL = "poolConfig";

  // By the name of the property, because commons-pool2 is a library that need not be there. The
  // pools are made with the first connection, so that the setting comes in time.
  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof LettuceConnectionFactory factory && isPooled(factory)) {
      new BeanWrapperImpl(factory.getClientConfiguration())
          .setPropertyValue(POOL + ".testOnBorrow", true);
    }
    return bean;
  }

  /**
   * Closes the connection that Spring Data shares, where it came from a pool: going back to it, it
   * would stay open, and who waits on it would go on waiting.
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
