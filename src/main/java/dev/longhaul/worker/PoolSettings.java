package dev.longhaul.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What configuration says of one pool ({@code longhaul.worker.pools.<name>.*}). What is not set is
 * that of the default pool of this name, or of {@link Pool#of}.
 *
 * @param queues the named queues to work on, the preferred first (default: the one that is called
 *     like the pool)
 * @param concurrency how many jobs run at once, 0 for a pool that this process does not have
 *     (default: 50, or as many as there are processors with threads=platform)
 * @param threads platform for a pool whose tools compute; virtual is not offered any more, and
 *     warned of
 */
public record PoolSettings(
    @Nullable List<String> queues, @Nullable Integer concurrency, @Nullable PoolThreads threads) {

  public PoolSettings {
    queues = queues == null ? null : List.copyOf(queues);
  }

  /** These settings, and the other ones for what these leave open. */
  PoolSettings orElse(PoolSettings other) {
    return new PoolSettings(
        queues != null ? queues : other.queues,
        concurrency != null ? concurrency : other.concurrency,
        threads != null ? threads : other.threads);
  }
}
