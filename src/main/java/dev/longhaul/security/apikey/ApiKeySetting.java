package dev.longhaul.security.apikey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One API key as it is written in the settings.
 *
 * @param secret its secret, at least 32 characters; two while it is rotated
 * @param secretSha256 instead of a secret, its SHA-256 in hexadecimal
 * @param scopes what it permits
 * @param expires when it ends by itself, such as 2027-01-31T00:00:00Z
 */
record ApiKeySetting(
    @Nullable List<String> secret,
    @Nullable List<String> secretSha256,
    @Nullable List<String> scopes,
    @Nullable String expires) {
  /** Without the secrets. */
  @Override
  public String toString() {
    return "an API key";
  }
}
