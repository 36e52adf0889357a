package dev.longhaul.rest;

import dev.longhaul.rest.Answer.Timestamp;
import dev.longhaul.security.Scope;
import dev.longhaul.security.apikey.KeyAdministration;
import dev.longhaul.security.apikey.KeyDescription;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API key as this front door shows it. */
@Schema(name = "Key", description = "An API key, without its secret.")
@Answer
record KeyView(
    String name,
    @Schema(description = "What it permits.") List<String> scopes,
    @Schema(description = "Whether it is in the settings, and changed there only.")
        boolean configured,
    @Timestamp @Schema(description = "When it was made; null if it is configured.")
        @Nullable Instant createdAt,
    @Timestamp @Schema(description = "When it ends by itself; null for never.")
        @Nullable Instant expiresAt,
    @Timestamp @Schema(description = "When it was last used, to the minute; null for never.")
        @Nullable Instant lastUsedAt,
    @Timestamp
        @Schema(description = "Until when the secret before is accepted too; null if it is not.")
        @Nullable Instant oldSecretUntil) {

  static KeyView of(KeyDescription key) {
    return new KeyView(
        key.name(),
        key.scopes().stream().sorted().map(Scope::text).toList(),
        key.configured(),
        key.createdAt(),
        key.expiresAt(),
        key.lastUsedAt(),
        key.oldSecretUntil());
  }

  /** All keys. */
  @Schema(name = "KeyList")
  record All(@Schema(description = "By name, those of the settings first.") List<KeyView> keys) {}

  /** A key with its new secret. */
  @Schema(name = "OpenedKey", description = "An API key with its new secret.")
  @Answer
  record Opened(
      KeyView key,
      @Schema(description = "What callers send; it is shown this once.") String secret) {

    static Opened of(KeyAdministration.Opened opened) {
      return new Opened(KeyView.of(opened.key()), opened.secret());
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "the key " + key.name();
    }
  }
}
