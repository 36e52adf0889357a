package dev.longhaul.thread;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A multimap of waiters by key, without empty entries.
 *
 * @param <K> the key that is waited for
 * @param <W> the waiters
 */
public final class Waiters<K, W> {
  private final ConcurrentHashMap<K, Set<W>> all = new ConcurrentHashMap<>();

  /** Removes a waiter when it is closed. */
  @FunctionalInterface
  public interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /** Adds a waiter until the result is closed. */
  public Waiting add(K key, W waiter) {
    // Atomically: otherwise the last waiter could remove the set between lookup and addition.
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

  /** The waiters of a key. */
  public Set<W> of(K key) {
    return all.getOrDefault(key, Set.of());
  }

  /** Calls the action for all waiters. */
  public void forEach(Consumer<W> action) {
    all.values().forEach(waiters -> waiters.forEach(action));
  }
}
