package dev.longhaul.security.apikey;

import dev.longhaul.security.SharedRead;
import dev.longhaul.security.apikey.KeyStore.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param byDigest those keys by the digests of their secrets. It is no secret which digests there
   *     are: nobody can choose a secret by its digest
   * @param at before they were read
   * @param hints how many changes had been heard of before
   */
  private record Read(Stored stored, Map<String, List<ApiKey>> byDigest, long at, long hints) {}

  CreatedKeys(KeyStore store) {
    this.store = store;
  }

  /** Has them read again, because they may have changed. */
  void changed() {
    hints.incrementAndGet();
  }

  /**
   * The keys that the secret of that digest may open.
   *
   * @throws DataAccessException if they cannot be read, and were not within five seconds
   */
  List<ApiKey> with(String digest) {
    return current().byDigest().getOrDefault(digest, List.of());
  }

  private Read current() {
    Optional<Read> known = fresh();
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return reading.get(this::fresh, this::read);
    } catch (DataAccessException e) {
      Read before = last;
      if (before != null && System.nanoTime() - before.at() < OLDEST) {
        return before;
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
    Read now;
    if (changed.isEmpty() && known != null) {
      now = new Read(known.stored(), known.byDigest(), at, heard);
    } else {
      Stored stored = changed.orElseGet(() -> new Stored("", List.of()));
      now = new Read(stored, byDigest(stored.keys()), at, heard);
    }
    last = now;
    return now;
  }

  private static Map<String, List<ApiKey>> byDigest(List<ApiKey> keys) {
    Map<String, List<ApiKey>> all = new HashMap<>();
    for (ApiKey key : keys) {
      for (ApiKey.Secret secret : key.secrets()) {
        all.computeIfAbsent(secret.digest(), _ -> new ArrayList<>()).add(key);
      }
    }
    return all;
  }
}
