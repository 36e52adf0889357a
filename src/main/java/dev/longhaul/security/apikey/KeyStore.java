package dev.longhaul.security.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Where keys are kept for all processes. All methods throw {@link DataAccessException} while it
 * cannot be used.
 */
public interface KeyStore {
  /** How many keys there may be. Each process has all of them in memory. */
  int MOST = 1_000;

  /**
   * All keys at one time.
   *
   * @param version changes with each change of a key
   */
  record Stored(String version, List<ApiKey> keys) {
    public Stored {
      keys = List.copyOf(keys);
    }
  }

  /** What a change has come to. */
  enum Change {
    DONE,
    /** There is a key of that name already; or it has changed since it was read; or it is gone. */
    REFUSED,
    /** There are {@link #MOST} keys. */
    TOO_MANY
  }

  /**
   * Reads all keys.
   *
   * @param known the version that the caller has, or null
   * @return empty if that is the current one
   */
  Optional<Stored> load(@Nullable String known);

  /** Adds a key of a new name. */
  Change add(ApiKey key);

  /**
   * Replaces a key.
   *
   * @param read the key as it was read
   */
  Change replace(ApiKey read, ApiKey key);

  /** Removes a key. */
  Change remove(String name);

  /**
   * The generations of a configured key by the digests of its secrets. A secret that is configured
   * together with a known one gets its generation.
   *
   * @param fresh the generation if none is known
   */
  List<String> generations(String name, List<String> digests, String fresh);

  /** Notes that a key was used, unless that was noted less than a minute ago. */
  void used(String name, String generation);

  /** When keys were last used, to the minute, by {@code name generation}. */
  Map<String, Instant> lastUsed();

  /** Has the action run when another process has changed a key. It is only a hint. */
  void onChange(Runnable action);
}
