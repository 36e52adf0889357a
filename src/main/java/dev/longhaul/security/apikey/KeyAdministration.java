package dev.longhaul.security.apikey;

import dev.longhaul.security.Authentication;
import dev.longhaul.security.Scope;
import dev.longhaul.security.apikey.KeyRefusedException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Makes, lists, rotates and revokes keys. All methods throw {@link KeyRefusedException} if that
 * makes no sense, and {@link DataAccessException} while the store cannot be used.
 */
public final class KeyAdministration {
  /** How long the secret before is accepted after a rotation, unless something else is said. */
  public static final Duration KEPT = Duration.ofDays(1);

  /** The longest time for which it can be. */
  public static final Duration LONGEST_KEPT = Duration.ofDays(90);

  private static final Logger log = LoggerFactory.getLogger(KeyAdministration.class);

  private final ConfiguredKeys configured;
  private final CreatedKeys created;
  private final KeyStore store;
  private final Clock clock;

  KeyAdministration(ConfiguredKeys configured, CreatedKeys created, KeyStore store, Clock clock) {
    this.configured = configured;
    this.created = created;
    this.store = store;
    this.clock = clock;
  }

  /**
   * A key with a new secret, which cannot be shown again.
   *
   * @param secret what callers send
   */
  public record Opened(KeyDescription key, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "the key " + key.name();
    }
  }

  /** All keys by name, those of the settings first. */
  public List<KeyDescription> list() {
    Map<String, Instant> used = store.lastUsed();
    List<KeyDescription> keys = new ArrayList<>();
    for (var setting : configured.settings()) {
      Instant last =
          setting.digests().stream()
              .flatMap(digest -> configured.with(digest).stream())
              .map(key -> used.get(key.name() + " " + key.generation()))
              .filter(Objects::nonNull)
              .max(Comparator.naturalOrder())
              .orElse(null);
      keys.add(
          new KeyDescription(
              setting.name(), setting.scopes(), true, null, setting.expires(), last, null));
    }
    current().stream()
        .sorted(Comparator.comparing(ApiKey::name))
        .map(key -> described(key, used.get(key.name() + " " + key.generation())))
        .forEach(keys::add);
    return keys;
  }

  /**
   * Makes a key.
   *
   * @param expires when it ends by itself; null for never
   */
  public Opened create(String name, Set<Scope> scopes, @Nullable Instant expires) {
    if (!ApiKey.isName(name) || name.equals(Authentication.ENABLED)) {
      throw new KeyRefusedException(
          Reason.INVALID, "The name of a key must have " + ApiKey.NAME_RULE + ".");
    }
    if (scopes.isEmpty()) {
      throw new KeyRefusedException(
          Reason.INVALID,
          "A key needs at least one scope of " + String.join(", ", Scope.texts()) + ".");
    }
    Instant now = clock.instant();
    if (expires != null && !expires.isAfter(now)) {
      throw new KeyRefusedException(Reason.INVALID, "The key would have expired already.");
    }
    if (configured.has(name)) {
      throw configured(name);
    }
    String secret = Secrets.next();
    ApiKey key =
        new ApiKey(
            name,
            Secrets.nextId(),
            List.of(new ApiKey.Secret(Secrets.digest(secret), null)),
            EnumSet.copyOf(scopes),
            expires,
            Instant.ofEpochMilli(now.toEpochMilli()));
    switch (store.add(key)) {
      case DONE -> {
        created.changed();
        log.info("The API key {} was created", name);
      }
      case REFUSED ->
          throw new KeyRefusedException(
              Reason.CONFLICT,
              "There is a key " + name + " already. Rotate it, or revoke it first.");
      case TOO_MANY ->
          throw new KeyRefusedException(
              Reason.CONFLICT,
              "There are " + KeyStore.MOST + " keys, and there can be no more. Revoke some.");
    }
    return new Opened(described(key, null), secret);
  }

  /**
   * Gives a key another secret. Its owner and jobs stay the same.
   *
   * @param keep how long the secret before is accepted too
   */
  public Opened rotate(String name, Duration keep) {
    if (keep.isNegative() || keep.compareTo(LONGEST_KEPT) > 0) {
      throw new KeyRefusedException(
          Reason.INVALID,
          "The old secret can be kept for 0 seconds to " + LONGEST_KEPT.toDays() + " days.");
    }
    ApiKey read =
        current().stream()
            .filter(key -> key.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    String secret = Secrets.next();
    List<ApiKey.Secret> secrets = new ArrayList<>();
    secrets.add(new ApiKey.Secret(Secrets.digest(secret), null));
    if (!keep.isZero() && !read.secrets().isEmpty()) {
      Instant until = Instant.ofEpochMilli(clock.instant().plus(keep).toEpochMilli());
      secrets.add(new ApiKey.Secret(read.secrets().getFirst().digest(), until));
    }
    ApiKey rotated =
        new ApiKey(
            name, read.generation(), secrets, read.scopes(), read.expiresAt(), read.createdAt());
    if (store.replace(read, rotated) != KeyStore.Change.DONE) {
      throw new KeyRefusedException(
          Reason.CONFLICT, "The key " + name + " was changed at the same time. Try again.");
    }
    created.changed();
    log.info("The API key {} was rotated", name);
    return new Opened(described(rotated, null), secret);
  }

  /** Ends a key at once. A later key of the same name has nothing of it. */
  public void revoke(String name) {
    if (store.remove(name) != KeyStore.Change.DONE) {
      throw unknown(name);
    }
    created.changed();
    log.info("The API key {} was revoked", name);
  }

  private List<ApiKey> current() {
    return store.load(null).map(KeyStore.Stored::keys).orElseGet(List::of);
  }

  private static KeyRefusedException configured(String name) {
    return new KeyRefusedException(
        Reason.CONFLICT,
        "The key "
            + name
            + " is in the settings ("
            + Authentication.API_KEYS
            + "."
            + name
            + "); change it there.");
  }

  private KeyRefusedException unknown(String name) {
    if (configured.has(name)) {
      return configured(name);
    }
    return new KeyRefusedException(
        Reason.UNKNOWN,
        ApiKey.isName(name) ? "There is no key " + name + "." : "There is no such key.");
  }

  private KeyDescription described(ApiKey key, @Nullable Instant used) {
    Instant old =
        key.secrets().stream()
            .map(ApiKey.Secret::until)
            .filter(Objects::nonNull)
            .filter(until -> until.isAfter(clock.instant()))
            .findFirst()
            .orElse(null);
    return new KeyDescription(
        key.name(), key.scopes(), false, key.createdAt(), key.expiresAt(), used, old);
  }
}
