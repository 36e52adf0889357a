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
 * The one place where tests choose their Redis: the environment's {@code LONGHAUL_TEST_REDIS_URL},
 * else a container where a Docker engine answers and has the image, else the program that Longhaul
 * itself starts. {@code LONGHAUL_TEST_REDIS} = url | testcontainers | embedded forces one of them
 * and fails where it cannot be had.
 *
 * <p>All tests of a JVM share it: keep apart by {@link #namespace()}.
 */
public final class TestRedis {
  private static final Logger log = LoggerFactory.getLogger(TestRedis.class);

  private TestRedis() {}

  /** {@code redis://:password@host:port} of the Redis that this JVM's tests share. */
  public static String url() {
    return Shared.URL;
  }

  /** Connections to it, to be destroyed by the caller. */
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
   * A server for one test alone, to kill and restart; always the program Longhaul itself starts.
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

  /** Chosen at the first use. */
  private static final class Shared {
    static final String URL = choose();
  }

  /** A private server; it ends with {@link #close()} or with the JVM. */
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

    /** kill -9; what it acknowledged is in its files. */
    public void kill() {
      redis.kill();
    }

    /** Brings it back on the same port, with its data and password. */
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
