/**
 * Tools that come with Longhaul: ordinary Spring AI methods, no different from a user's own. The
 * application has them unless {@code longhaul.builtin.enabled} is false, a host application only if
 * it is true.
 */
@ApplicationModule(
    displayName = "builtin",
    allowedDependencies = {"thread", "job", "schema", "tool", "catalog", "outbound"})
@NullMarked
package dev.longhaul.builtin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
