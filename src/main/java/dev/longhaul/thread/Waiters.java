package dev.longhaul.thread;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Who waits for what in this process. What nobody waits for any more is forgotten.
 *
 * @param <K> what is waited for
 * @param <W> who waits
 */
public final class Waiters<K, W> {
  private final ConcurrentHashMap<K, Set<W>> all = new ConcurrentHashMap<>();

  /** Ends a wait. */
  @FunctionalInterface
  public interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /** Adds one until it is closed. */
  public Waiting add(K key, W waiter) {
    // In one go: between finding a set and adding to it, its last waiter could take it away.
    all.compute(
        key,
        (_, waiters) -> {
          Set<W> known = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
          known.add(waiter);
          return known;
        });
    return () ->
        all.computeIfPresent(
            key,
            (_, waiters) -> {
              waiters.remove(waiter);
              return waiters.isEmpty() ? null : waiters;
            });
  }

  /** Those who wait for this. */
  public Set<W> of(K key) {
    return all.getOrDefault(key, Set.of());
  }

  /** For each of those who wait for anything. */
  public void forEach(Consumer<W> action) {
    all.values().forEach(waiters -> waiters.forEach(action));
  }
}
