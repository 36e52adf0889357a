/**
 * What can be called: the catalogue of tools, the policy of each, and the context a tool runs in.
 * Tool authors use {@link dev.longhaul.tool.JobContext}.
 */
@ApplicationModule(
    displayName = "tool",
    allowedDependencies = {"thread", "job"})
@NullMarked
package dev.longhaul.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
