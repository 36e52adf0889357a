package dev.longhaul.security.apikey;

import dev.longhaul.security.SharedRead;
import dev.longhaul.security.apikey.KeyStore.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * The keys in the store, as they were at most five seconds ago. The process has all of them in
 * memory, so that requests with wrong keys cost the store nothing, however many they are.
 */
final class CreatedKeys {
  /** After so long they are read again. */
  private static final long FRESH = Duration.ofSeconds(2).toNanos();

  /** While they cannot be read, those from before are used for so long. */
  private static final long OLDEST = Duration.ofSeconds(5).toNanos();

  private final KeyStore store;
  private final SharedRead reading = new SharedRead();
  private final AtomicLong hints = new AtomicLong();
  private volatile @Nullable Read last;

  /**
   * The keys as they were read.
   *
   * @param at before they were read
   * @param hints how many changes had been heard of before
   */
  private record Read(Stored stored, long at, long hints) {}

  CreatedKeys(KeyStore store) {
    this.store = store;
  }

  /** Has them read again, because they may have changed. */
  void changed() {
    hints.incrementAndGet();
  }

  /**
   * All keys.
   *
   * @throws DataAccessException if they cannot be read, and were not within five seconds
   */
  List<ApiKey> all() {
    Optional<Read> known = fresh();
    if (known.isPresent()) {
      return known.get().stored().keys();
    }
    try {
      return reading.get(this::fresh, this::read).stored().keys();
    } catch (DataAccessException e) {
      Read before = last;
      if (before != null && System.nanoTime() - before.at() < OLDEST) {
        return before.stored().keys();
      }
      throw e;
    }
  }

  private Optional<Read> fresh() {
    Read known = last;
    return known != null && System.nanoTime() - known.at() < FRESH && known.hints() == hints.get()
        ? Optional.of(known)
        : Optional.empty();
  }

  private Read read() {
    Read known = last;
    long at = System.nanoTime();
    long heard = hints.get();
    Optional<Stored> changed = store.load(known == null ? null : known.stored().version());
    Stored stored =
        changed.orElseGet(() -> known == null ? new Stored("", List.of()) : known.stored());
    Read now = new Read(stored, at, heard);
    last = now;
    return now;
  }
}
