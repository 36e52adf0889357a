package dev.longhaul.security.apikey;

import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Verifies API keys. */
public final class ApiKeys {
  /** Begins the secrets that are made here, so that a bearer key is told from a token at once. */
  public static final String PREFIX = "lh_";

  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
  private static final long NOTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final ConfiguredKeys configured;
  private final CreatedKeys created;
  private final KeyStore store;
  private final Clock clock;
  private final Map<String, Long> noted = new ConcurrentHashMap<>();

  ApiKeys(ConfiguredKeys configured, CreatedKeys created, KeyStore store, Clock clock) {
    this.configured = configured;
    this.created = created;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Verifies a key.
   *
   * @throws CredentialRefusedException if it is unknown, expired or revoked, or cannot be verified
   *     now
   */
  public KeyUse check(String secret) {
    String digest = Secrets.digest(secret);
    Optional<KeyUse> use = ofConfigured(digest);
    if (use.isEmpty() && secret.startsWith(PREFIX)) {
      use = opened(available(() -> created.with(digest)), digest);
      use.ifPresent(this::note);
    }
    return use.orElseThrow(CredentialRefusedException::invalidKey);
  }

  /**
   * Verifies a key of the settings.
   *
   * @return empty if it is none
   * @throws CredentialRefusedException if it is expired, or cannot be verified now
   */
  public Optional<KeyUse> configured(String secret) {
    return ofConfigured(Secrets.digest(secret));
  }

  private Optional<KeyUse> ofConfigured(String digest) {
    List<ApiKey> keys = available(() -> configured.with(digest));
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    Optional<KeyUse> use = opened(keys, digest);
    if (use.isEmpty()) {
      throw CredentialRefusedException.invalidKey();
    }
    use.ifPresent(this::note);
    return use;
  }

  /**
   * Whether a key is still valid that was.
   *
   * @throws DataAccessException if that cannot be known now
   */
  public boolean isValid(KeyUse use) {
    List<ApiKey> keys = configured.with(use.digest());
    return opened(keys.isEmpty() ? created.with(use.digest()) : keys, use.digest())
        .filter(now -> now.generation().equals(use.generation()) && now.name().equals(use.name()))
        .isPresent();
  }

  private Optional<KeyUse> opened(List<ApiKey> keys, String digest) {
    Optional<KeyUse> use = Optional.empty();
    for (ApiKey key : keys) {
      Optional<KeyUse> one = key.use(digest, clock.instant());
      use = one.isPresent() ? one : use;
    }
    return use;
  }

  private static List<ApiKey> available(java.util.function.Supplier<List<ApiKey>> keys) {
    try {
      return keys.get();
    } catch (DataAccessException e) {
      log.debug("API keys cannot be read", e);
      throw CredentialRefusedException.unavailable("The API keys cannot be read at the moment.");
    }
  }

  /** Notes the use, from this process once a minute at most; if that fails, nobody waits for it. */
  private void note(KeyUse use) {
    long now = System.nanoTime();
    String key = use.name() + " " + use.generation();
    Long before = noted.get(key);
    if (before != null && now - before < NOTE_NANOS) {
      return;
    }
    if (noted.size() > 2 * KeyStore.MOST) {
      noted.clear(); // of keys that are no more
    }
    if (before == null ? noted.putIfAbsent(key, now) == null : noted.replace(key, before, now)) {
      var _ =
          Threads.virtual(
              "longhaul-key-used",
              () -> {
                try {
                  store.used(use.name(), use.generation());
                } catch (DataAccessException e) {
                  log.debug("The use of the API key {} could not be noted", use.name(), e);
                }
              });
    }
  }
}
