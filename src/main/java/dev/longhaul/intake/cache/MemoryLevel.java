package dev.longhaul.intake.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.AnswerStore.Kept;
import dev.longhaul.queue.AnswerStore.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Answers in this process's memory, never more of them than the limit has bytes. */
final class MemoryLevel {
  /** What an entry takes beside its answer: keys, nodes, times. */
  private static final int OVERHEAD = 512;

  private final Cache<Place, Entry> entries;
  private final Ticker ticker;
  private final Duration longest;
  private final AtomicLong forgettings = new AtomicLong();

  // Nobody compares entries, and a list of bytes would take five times the memory.
  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(byte[] json, long madeAt, long endsAt, @Nullable JobId job) {}

  /**
   * @param bytes how much memory all may take
   * @param longest how long one may stay
   */
  MemoryLevel(long bytes, Duration longest, CacheStatistics statistics, Ticker ticker) {
    this.longest = longest;
    this.ticker = ticker;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((Place place, Entry entry) -> weight(place, entry))
            .expireAfter(
                Expiry.creating((Place _, Entry entry) ->
                    Duration.ofNanos(Math.max(0, entry.endsAt() - ticker.read()))))
            .evictionListener((_, _, cause) -> {
              if (cause == RemovalCause.SIZE) {
                statistics.evicted();
              }
            })
            // In the thread that caused it: it is quick, and the common pool is not ours.
            .executor(Runnable::run)
            .ticker(ticker)
            .build();
  }

  private static int weight(Place place, Entry entry) {
    return OVERHEAD + 2 * place.name().length() + entry.json().length;
  }

  Optional<Kept> find(Place place) {
    Entry entry = entries.getIfPresent(place);
    if (entry == null) {
      return Optional.empty();
    }
    long now = ticker.read();
    return Optional.of(
        new Kept(
            new String(entry.json(), StandardCharsets.UTF_8),
            Duration.ofNanos(Math.max(0, now - entry.madeAt())),
            Duration.ofNanos(Math.max(0, entry.endsAt() - now)),
            entry.job()));
  }

  /** To be asked for before Redis is. */
  long forgettings() {
    return forgettings.get();
  }

  /**
   * Keeps what Redis has, unless anything was forgotten since.
   *
   * @param before what {@link #forgettings} said before Redis was asked
   */
  void put(Place place, Kept kept, long before) {
    put(place, kept, kept.left().compareTo(longest) < 0 ? kept.left() : longest, before);
  }

  /** Keeps what is nowhere else, for its whole time. */
  void putHere(Place place, Kept kept, long before) {
    put(place, kept, kept.left(), before);
  }

  private void put(Place place, Kept kept, Duration left, long before) {
    long now = ticker.read();
    byte[] json = kept.json().getBytes(StandardCharsets.UTF_8);
    if (forgettings.get() == before) {
      long made = now - kept.age().toNanos();
      entries.put(place, new Entry(json, made, now + left.toNanos(), kept.job()));
      if (forgettings.get() != before) {
        entries.invalidate(place); // forgotten in between, perhaps before it was there
      }
    }
  }

  void forget(Forgotten what) {
    forgettings.incrementAndGet();
    switch (what) {
      case Forgotten.Name(String name) ->
          entries.asMap().keySet().removeIf(place -> place.name().equals(name));
      case Forgotten.Call(String name, String call) ->
          entries
              .asMap()
              .keySet()
              .removeIf(place -> place.call().equals(call) && place.name().equals(name));
      case Forgotten.Anything _ -> entries.invalidateAll();
    }
  }

  /** How many there are. */
  long size() {
    entries.cleanUp();
    return entries.estimatedSize();
  }

  /** How many bytes they take. */
  long bytes() {
    entries.cleanUp();
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
