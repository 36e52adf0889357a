/**
 * Decides which requests are accepted: host and origin checks, access tokens, API keys, request
 * ids. It uses {@code redis}, because API keys are kept there.
 */
@ApplicationModule(
    displayName = "security",
    allowedDependencies = {"job", "redis", "thread"})
@NullMarked
package dev.longhaul.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
