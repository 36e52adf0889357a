/**
 * What can be called: tools, resources, prompts and completions, how each runs, and the one place
 * that runs a tool and says how that ended.
 */
@ApplicationModule(
    displayName = "catalog",
    allowedDependencies = {"thread", "redis", "job", "schema", "tool"})
@NullMarked
package dev.longhaul.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
