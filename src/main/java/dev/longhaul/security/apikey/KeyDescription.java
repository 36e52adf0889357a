package dev.longhaul.security.apikey;

import dev.longhaul.security.Scope;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as its operator sees it.
 *
 * @param name its name
 * @param scopes what it permits
 * @param configured whether it is in the settings, and changed there only
 * @param createdAt when it was made; null if it is configured
 * @param expiresAt when it ends by itself; null for never
 * @param lastUsedAt when it was last used, to the minute; null for never
 * @param oldSecretUntil until when the secret before the current one is accepted too; null if there
 *     is none
 */
public record KeyDescription(
    String name,
    Set<Scope> scopes,
    boolean configured,
    @Nullable Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant oldSecretUntil) {}
