package dev.longhaul.mcp.legacy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A real Redis that throws whatever a test wants, a few times, and then works again. It translates
 * nothing, so what uses it also outlives what no translation knows.
 */
final class FailingRedis extends StringRedisTemplate {
  private final AtomicInteger left = new AtomicInteger();
  private volatile Supplier<? extends Throwable> failure = IllegalStateException::new;

  FailingRedis(RedisConnectionFactory connections) {
    super(connections);
  }

  /** The next uses fail. */
  void fails(int times, Supplier<? extends Throwable> with) {
    failure = with;
    left.set(times);
  }

  /** Whether it has failed as often as it was to. */
  boolean works() {
    return left.get() == 0;
  }

  @Override
  public <T extends @Nullable Object> T execute(
      RedisCallback<T> action, boolean exposeConnection, boolean pipeline) {
    if (left.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalArgumentException(e);
      }
    }
    return super.execute(action, exposeConnection, pipeline);
  }
}
