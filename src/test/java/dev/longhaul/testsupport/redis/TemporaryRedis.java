package dev.longhaul.testsupport.redis;

import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import dev.longhaul.queue.redis.embedded.EmbeddedRedisProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.util.FileSystemUtils;

/** Longhaul's embedded Redis for one test context; its data is deleted at the end. */
public final class TemporaryRedis implements AutoCloseable {
  private final Path directory;
  private final EmbeddedRedis redis;
  private boolean closed;

  /** Starts it. */
  public TemporaryRedis() {
    try {
      directory = Files.createTempDirectory("longhaul-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var settings =
        new MapConfigurationPropertySource(
            Map.of("longhaul.embedded-redis.data-directory", directory.toString()));
    redis =
        EmbeddedRedis.start(
            new Binder(settings)
                .bindOrCreate("longhaul.embedded-redis", EmbeddedRedisProperties.class));
  }

  /** The connection details for Spring Boot. */
  public DataRedisConnectionDetails connectionDetails() {
    return new Details(redis);
  }

  private record Details(EmbeddedRedis redis) implements DataRedisConnectionDetails {
    @Override
    public String getPassword() {
      return redis.password();
    }

    @Override
    public Standalone getStandalone() {
      return Standalone.of("127.0.0.1", redis.port());
    }
  }

  /** Stops it and deletes its data. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    redis.close();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
