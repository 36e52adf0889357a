package dev.longhaul.queue.redis.embedded;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The Redis that Longhaul starts for itself when no {@code spring.data.redis.*} names one.
 *
 * @param enabled whether to start one; true in the runnable application, false when Longhaul is a
 *     library of another application
 * @param dataDirectory where its data, log and lock live; one live process per directory
 * @param executable the redis-server or valkey-server to run; by default the one on PATH if it is
 *     6.2 or newer, else the one that comes with Longhaul
 * @param startTimeout how long it may take to load its data and accept commands
 * @param stopTimeout how long it may take to write its data and exit
 * @param maxMemory its maxmemory, of which longhaul.redis.memory-limit is a share; by default a
 *     quarter of the machine's or container's memory; never below 1.5 times what it has loaded
 */
@ConfigurationProperties(EmbeddedRedisProperties.PREFIX)
public record EmbeddedRedisProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("./longhaul-data") Path dataDirectory,
    @Nullable Path executable,
    @DefaultValue("2m") Duration startTimeout,
    @DefaultValue("30s") Duration stopTimeout,
    @Nullable DataSize maxMemory) {
  static final String PREFIX = "longhaul.embedded-redis";
  static final String ENABLED = PREFIX + ".enabled";
  static final String DATA_DIRECTORY = PREFIX + ".data-directory";
  static final String EXECUTABLE = PREFIX + ".executable";
  static final String START_TIMEOUT = PREFIX + ".start-timeout";
  static final String MAX_MEMORY = PREFIX + ".max-memory";

  public EmbeddedRedisProperties {
    if (maxMemory != null && maxMemory.toBytes() < DataSize.ofMegabytes(16).toBytes()) {
      throw new IllegalArgumentException(
          MAX_MEMORY
              + " must be at least 16MB, not "
              + maxMemory
              + "; leave it out for a quarter"
              + " of the machine's or container's memory");
    }
  }
}
