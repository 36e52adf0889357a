/**
 * The catalogue of tools, resources, prompts and completions, their policies and settings, and the
 * runner of attempts.
 */
@ApplicationModule(
    displayName = "catalog",
    allowedDependencies = {"thread", "observation", "redis", "job", "schema", "tool"})
@NullMarked
package dev.longhaul.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
