package dev.longhaul.mcp.modern;

import dev.longhaul.job.RandomText;
import dev.longhaul.secret.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * The keys that sign {@code requestState}: the first one signs and all are accepted, so that keys
 * can be rotated. They are configured, or in a file that is read again when it changes; without
 * either, the first process creates one that all share through Redis.
 */
final class StateKeys {
  private static final Logger log = LoggerFactory.getLogger(StateKeys.class);
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_LENGTH = 16;
  private static final int KEY_BYTES = 32;
  private static final long FRESH_NANOS = 10_000_000_000L;
  // A process may sign with the key before until it reads the shared ones again.
  private static final Duration SLACK = Duration.ofNanos(6 * FRESH_NANOS);

  private final @Nullable Supplier<List<byte[]>> configured;
  private final StateStore store;
  private final Duration life;
  private final LongSupplier nanos;
  private volatile @Nullable Shared shared;

  /** The shared keys, and when they were read. */
  private record Shared(List<byte[]> keys, long read) {}

  /**
   * @param secrets secrets of at least 16 characters, the one that signs first; may be empty
   * @param file a file with such secrets, or null
   * @param life how long what is signed is valid
   * @throws IllegalArgumentException if a secret is too short, the file cannot be read, or both are
   *     given
   */
  StateKeys(List<String> secrets, @Nullable Path file, StateStore store, Duration life) {
    this(secrets, file, store, life, System::nanoTime);
  }

  /**
   * @param nanos a clock, in nanoseconds
   */
  StateKeys(
      List<String> secrets,
      @Nullable Path file,
      StateStore store,
      Duration life,
      LongSupplier nanos) {
    if (file != null && !secrets.isEmpty()) {
      throw new IllegalArgumentException(
          "Set longhaul.mcp.request-state-keys or longhaul.mcp.request-state-keys-file, not both");
    }
    if (file != null) {
      configured =
          new SecretFile<>("longhaul.mcp.request-state-keys-file", file, StateKeys::of)::get;
    } else if (!secrets.isEmpty()) {
      List<byte[]> keys = of(secrets);
      configured = () -> keys;
    } else {
      configured = null;
    }
    this.store = store;
    this.life = life;
    this.nanos = nanos;
  }

  private static List<byte[]> of(List<String> secrets) {
    if (secrets.stream().anyMatch(key -> key.length() < MIN_LENGTH)) {
      throw new IllegalArgumentException(
          "Each of longhaul.mcp.request-state-keys must have at least "
              + MIN_LENGTH
              + " characters; make one with: openssl rand -base64 32");
    }
    return secrets.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList();
  }

  byte[] sign(String text) {
    return mac(keys().getFirst(), text);
  }

  boolean verify(String text, byte[] signature) {
    // Another process may have signed with a key that is new.
    return valid(keys(), text, signature)
        || (configured == null && valid(read(false), text, signature));
  }

  private static boolean valid(List<byte[]> keys, String text, byte[] signature) {
    boolean valid = false;
    for (byte[] key : keys) {
      valid |= MessageDigest.isEqual(mac(key, text), signature);
    }
    return valid;
  }

  /** Marks a nonce as used; returns whether it was unused. */
  boolean use(String nonce, Duration valid) {
    return store.use(nonce, valid);
  }

  /** Creates the key that signs from now on; returns how many are accepted. */
  int rotate() {
    if (configured != null) {
      throw new InvalidEndpointRequestException(
          "keys are configured",
          "The keys are configured: put a new one behind the others in the file of"
              + " longhaul.mcp.request-state-keys-file, or in longhaul.mcp.request-state-keys, and"
              + " first once all processes have it.");
    }
    int accepted = read(true).size();
    log.info("Another key signs requestState from now on; {} are accepted", accepted);
    return accepted;
  }

  private List<byte[]> keys() {
    if (configured != null) {
      return configured.get();
    }
    Shared known = shared;
    if (known == null) {
      return read(false);
    }
    if (nanos.getAsLong() - known.read() > FRESH_NANOS) {
      try {
        return read(false);
      } catch (RuntimeException e) {
        // Otherwise each call would wait for the time-out.
        shared = new Shared(known.keys(), nanos.getAsLong());
        log.debug("The keys of requestState could not be read again; those known are used", e);
      }
    }
    return known.keys();
  }

  private List<byte[]> read(boolean rotated) {
    String made = Base64.getEncoder().encodeToString(RandomText.bytes(KEY_BYTES));
    List<String> stored = rotated ? store.rotate(made, life.plus(SLACK)) : store.keys(made);
    List<byte[]> keys = stored.stream().map(Base64.getDecoder()::decode).toList();
    shared = new Shared(keys, nanos.getAsLong());
    return keys;
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
