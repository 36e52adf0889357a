package dev.longhaul.testing;

import dev.longhaul.queue.redis.embedded.RestartableRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Chooses the Redis of the tests: that of the environment variable {@code LONGHAUL_TEST_REDIS_URL},
 * else a container if a Docker engine has the image, else Longhaul's embedded server. {@code
 * LONGHAUL_TEST_REDIS} = url | testcontainers | embedded forces one of them; tests fail if it is
 * not available.
 *
 * <p>All tests of a JVM share it. They are separated by {@link #namespace()}.
 */
public final class TestRedis {
  private static final Logger log = LoggerFactory.getLogger(TestRedis.class);

  private TestRedis() {}

  /** {@code redis://:password@host:port} of the shared Redis. */
  public static String url() {
    return Shared.URL;
  }

  /** Connections to the shared Redis; the caller must destroy the factory. */
  public static LettuceConnectionFactory connections() {
    var connections =
        new LettuceConnectionFactory(LettuceConnectionFactory.createRedisConfiguration(url()));
    connections.afterPropertiesSet();
    connections.start();
    return connections;
  }

  /** A key prefix that no other test uses. */
  public static String namespace() {
    return "test-" + UUID.randomUUID();
  }

  /**
   * Starts a server for one test, which can kill and restart it; always Longhaul's embedded one.
   */
  public static Instance start() {
    return new Instance();
  }

  private static String choose() {
    var forced = environment("LONGHAUL_TEST_REDIS");
    var url = environment("LONGHAUL_TEST_REDIS_URL");
    if (forced == null) {
      if (url != null) {
        return say("LONGHAUL_TEST_REDIS_URL", url);
      }
      if (RedisContainer.isPossible()) {
        return say("Testcontainers, image " + RedisContainer.IMAGE, RedisContainer.start());
      }
      return embedded();
    }
    return switch (forced.toLowerCase(Locale.ROOT)) {
      case "url" -> {
        if (url == null) {
          throw new IllegalStateException(
              "LONGHAUL_TEST_REDIS is url, but LONGHAUL_TEST_REDIS_URL is not set");
        }
        yield say("LONGHAUL_TEST_REDIS_URL", url);
      }
      case "testcontainers" ->
          say("Testcontainers, image " + RedisContainer.IMAGE, RedisContainer.start());
      case "embedded" -> embedded();
      default ->
          throw new IllegalStateException(
              "LONGHAUL_TEST_REDIS is " + forced + "; it can be url, testcontainers or embedded");
    };
  }

  private static String embedded() {
    var instance = start();
    return say("embedded, " + instance.redis.program(), instance.url());
  }

  private static String say(String choice, String url) {
    log.info("Tests use Redis: {}", choice);
    return url;
  }

  private static @Nullable String environment(String name) {
    var value = System.getenv(name);
    return value == null || value.isBlank() ? null : value;
  }

  /** The shared Redis, chosen at first use. */
  private static final class Shared {
    static final String URL = choose();
  }

  /** A server of one test. It ends with {@link #close()} or with the JVM. */
  public static final class Instance implements AutoCloseable {
    private final Path directory;
    private final RestartableRedis redis;

    private Instance() {
      try {
        directory = Files.createTempDirectory("longhaul-test-redis");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      redis = new RestartableRedis(directory);
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop test redis"));
    }

    public String url() {
      return "redis://:" + redis.password() + "@127.0.0.1:" + redis.port();
    }

    public int port() {
      return redis.port();
    }

    public String password() {
      return redis.password();
    }

    /** kill -9. Every acknowledged write is in its files. */
    public void kill() {
      redis.kill();
    }

    /** Restarts it on the same port, with its data and password. */
    public void restart() {
      redis.restart();
    }

    @Override
    public synchronized void close() {
      try {
        redis.close();
        FileSystemUtils.deleteRecursively(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
