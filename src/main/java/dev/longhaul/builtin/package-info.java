/**
 * Tools that come with Longhaul: ordinary Spring AI methods, no different from a user's own.
 * Switched off with {@code longhaul.builtin.enabled=false}.
 */
@ApplicationModule(
    displayName = "builtin",
    allowedDependencies = {"thread", "job", "schema", "tool", "catalog", "outbound"})
@NullMarked
package dev.longhaul.builtin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
