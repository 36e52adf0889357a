/**
 * What the author of a tool imports: the annotation, what a running tool can know and say ({@link
 * dev.longhaul.tool.JobContext}), its answer, and the exceptions that say how it failed. {@code
 * work} has helpers beside it. These names do not move.
 */
@ApplicationModule(
    displayName = "tool",
    allowedDependencies = {"thread", "job"})
@NullMarked
package dev.longhaul.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
