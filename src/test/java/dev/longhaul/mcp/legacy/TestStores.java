package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.legacy.redis.EventLogLimits;
import dev.longhaul.mcp.legacy.redis.RedisLegacyStores;
import dev.longhaul.mcp.legacy.redis.RedisSessionStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The stores of earlier revisions on a real Redis, in a new namespace, with failures on demand. */
final class TestStores implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final KeyTags tags = new KeyTags(TestRedis.namespace());
  private final LettuceConnectionFactory factory = TestRedis.connections();
  private final RedisConnections redis = new RedisConnections(factory, LONG);
  private final Channels channels = new Channels(redis);
  private final AtomicInteger left = new AtomicInteger();
  private volatile Supplier<? extends Throwable> failure = IllegalStateException::new;
  final LegacyStores stores;
  final LegacyStores failing;

  /**
   * @param messages the most messages in the log of a stream
   */
  TestStores(int messages) {
    stores = process(channels, messages);
    failing =
        new LegacyStores(
            failing(EventLog.class, stores.events()),
            failing(PushStreams.class, stores.pushStreams()),
            failing(Subscriptions.class, stores.subscriptions()),
            failing(QuestionStore.class, stores.questions()),
            failing(TaskTokens.class, stores.tokens()),
            failing(LeaseStore.class, stores.leases()),
            failing(SignalChannel.class, stores.signals()));
  }

  private LegacyStores process(Channels its, int messages) {
    return RedisLegacyStores.of(
        redis, its, tags, new EventLogLimits(LONG, messages, 1_000_000), LONG, LONG);
  }

  /** The stores of another process, with a separate connection for signals. */
  LegacyStores another() {
    return process(new Channels(new RedisConnections(factory, LONG)), 100);
  }

  /** Begins a session of Ann. */
  Session session() {
    var session =
        new Session(
            SessionIds.next(), "ann", "2025-11-25", "test", "1", "{\"roots\": {}}", null, null);
    sessions(100).save(session);
    return session;
  }

  SessionStore sessions(int most) {
    return new RedisSessionStore(redis, tags, LONG, most);
  }

  /** Access to the keys in Redis. */
  StringRedisTemplate template() {
    return new StringRedisTemplate(factory);
  }

  /** The full name of a key of the MCP front door. */
  String key(String name) {
    return tags.tag() + ":mcp:" + name;
  }

  /** Lets the next calls of {@link #failing} fail. */
  void fails(int times, Supplier<? extends Throwable> with) {
    failure = with;
    left.set(times);
  }

  /** Whether all ordered failures have happened. */
  boolean works() {
    return left.get() == 0;
  }

  private <T> T failing(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              if (left.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
                throw failure.get();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public void close() {
    channels.close();
    redis.close();
    factory.destroy();
  }
}
