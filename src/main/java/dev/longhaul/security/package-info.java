/** Who may talk to the front doors. Knows only jobs. */
@ApplicationModule(
    displayName = "security",
    allowedDependencies = {"job"})
@NullMarked
package dev.longhaul.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
