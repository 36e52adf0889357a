package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.config.Entry;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of upstreams that the settings and files of this process have, whether or not it runs
 * upstreams. They are read again after {@link #FRESH}.
 */
final class EntriesHere implements Function<String, @Nullable Entry> {
  /** How old what is known may be. */
  static final Duration FRESH = Duration.ofSeconds(10);

  private final ConfiguredUpstreams configured;
  private final LongSupplier nanos;
  private List<Entry> entries = List.of();
  private @Nullable Long read;

  /**
   * @param nanos the time
   */
  EntriesHere(ConfiguredUpstreams configured, LongSupplier nanos) {
    this.configured = configured;
    this.nanos = nanos;
  }

  @Override
  public synchronized @Nullable Entry apply(String name) {
    long now = nanos.getAsLong();
    if (read == null || now - read >= FRESH.toNanos()) {
      entries = configured.read(0);
      read = now;
    }
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
  }
}
