package dev.longhaul.security.apikey;

import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.Scope;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secrets.
 *
 * @param name what the operator calls it
 * @param generation tells it from an earlier key of the same name, whose jobs are not its own
 * @param secrets what opens it: two at most, while callers change from one to the other
 * @param scopes what it permits
 * @param expiresAt when it ends by itself; null for never
 * @param createdAt when it was made
 */
public record ApiKey(
    String name,
    String generation,
    List<Secret> secrets,
    Set<Scope> scopes,
    @Nullable Instant expiresAt,
    Instant createdAt) {
  /** The rule for names, for messages. */
  public static final String NAME_RULE =
      "1 to 64 of a to z, 0 to 9 and -, and begins with a letter or digit";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /**
   * A secret of a key.
   *
   * @param digest its SHA-256, in hexadecimal
   * @param until when it ends, because another one has replaced it; null for not before the key
   */
  public record Secret(String digest, @Nullable Instant until) {}

  public ApiKey {
    if (!isName(name)) {
      throw new IllegalArgumentException("The name of an API key has " + NAME_RULE + ".");
    }
    secrets = List.copyOf(secrets);
    scopes = scopes.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(scopes));
  }

  /** Whether a text can be the name of a key. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The owner of what is submitted with it. */
  String owner() {
    return AuthorizedCaller.RESERVED + "key:" + name + ":" + generation;
  }

  /** Its use with the secret of that digest, if it is open then. */
  Optional<KeyUse> use(String digest, Instant now) {
    boolean open = false;
    for (Secret secret : secrets) {
      // All are compared, each in constant time.
      open |= Secrets.equal(secret.digest(), digest) && isBefore(now, secret.until());
    }
    return open && isBefore(now, expiresAt)
        ? Optional.of(
            new KeyUse(
                new AuthorizedCaller(owner(), null, Scope.implied(scopes), true),
                name,
                generation,
                digest))
        : Optional.empty();
  }

  private static boolean isBefore(Instant now, @Nullable Instant end) {
    return end == null || now.isBefore(end);
  }
}
