/**
 * The API for authors of tools: the annotation, the context of a running call ({@link
 * dev.longhaul.tool.JobContext}), answers and exceptions. {@code work} has helpers. These names are
 * stable.
 */
@ApplicationModule(
    displayName = "tool",
    allowedDependencies = {"thread", "job"})
@NullMarked
package dev.longhaul.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
