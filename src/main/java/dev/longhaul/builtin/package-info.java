/**
 * The built-in tools: ordinary Spring AI tool methods, like those of a user. The application serves
 * them unless {@code longhaul.builtin.enabled} is false, a host application only if it is true.
 */
@ApplicationModule(
    displayName = "builtin",
    allowedDependencies = {"thread", "job", "schema", "tool", "catalog", "outbound"})
@NullMarked
package dev.longhaul.builtin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
