package dev.longhaul.security.apikey;

import dev.longhaul.security.SharedRead;
import dev.longhaul.security.apikey.ApiKeySettings.Configured;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys in the settings. Their generations are in the store, so that all processes know the same
 * ones: a secret has the generation of the one that it was configured together with, and one that
 * was configured alone begins a new one. They are read once; from then on such a key needs no
 * store.
 */
final class ConfiguredKeys {
  private final List<Configured> settings;
  private final Map<String, Configured> byDigest = new HashMap<>();
  private final KeyStore store;
  private final SharedRead reading = new SharedRead();
  private final Map<String, List<ApiKey>> known = new ConcurrentHashMap<>();

  ConfiguredKeys(List<Configured> settings, KeyStore store) {
    this.settings = List.copyOf(settings);
    this.store = store;
    settings.forEach(key -> key.digests().forEach(digest -> byDigest.put(digest, key)));
  }

  List<Configured> settings() {
    return settings;
  }

  /** Whether there is a key of that name. */
  boolean has(String name) {
    return settings.stream().anyMatch(key -> key.name().equals(name));
  }

  /**
   * The keys that the secret of that digest may open: none if it is no configured secret.
   *
   * @throws org.springframework.dao.DataAccessException if their generation cannot be read
   */
  List<ApiKey> with(String digest) {
    Configured found = byDigest.get(digest);
    return found == null ? List.of() : keys(found);
  }

  /** The keys of a setting, one for each secret, because their generations may differ. */
  private List<ApiKey> keys(Configured setting) {
    List<ApiKey> there = known.get(setting.name());
    return there != null
        ? there
        : reading.get(
            () -> Optional.ofNullable(known.get(setting.name())), () -> resolved(setting));
  }

  private List<ApiKey> resolved(Configured setting) {
    List<String> generations =
        store.generations(setting.name(), setting.digests(), Secrets.nextId());
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < generations.size(); i++) {
      keys.add(
          new ApiKey(
              setting.name(),
              generations.get(i),
              List.of(new ApiKey.Secret(setting.digests().get(i), null)),
              setting.scopes(),
              setting.expires(),
              Instant.EPOCH));
    }
    known.put(setting.name(), List.copyOf(keys));
    return keys;
  }
}
