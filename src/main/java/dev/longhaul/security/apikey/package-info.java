/**
 * API keys, for callers without an authorization server: configured, or made over REST and by the
 * command {@code keys}. They are stored as digests; a secret is shown once.
 */
@NamedInterface("apikey")
@NullMarked
package dev.longhaul.security.apikey;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
