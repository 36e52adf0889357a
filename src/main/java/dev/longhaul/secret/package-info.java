/** Secrets in mounted files, which change without a restart, and encryption of what is stored. */
@ApplicationModule(
    displayName = "secret",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.secret;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
