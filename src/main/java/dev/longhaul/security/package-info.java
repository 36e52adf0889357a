/** Decides which requests are accepted: host and origin checks, access tokens, request ids. */
@ApplicationModule(
    displayName = "security",
    allowedDependencies = {"job"})
@NullMarked
package dev.longhaul.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
