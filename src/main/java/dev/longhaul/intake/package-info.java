/**
 * Receives the requests of all front doors: validates and stores calls, waits for and cancels jobs,
 * and separates the jobs of different callers. It uses {@code security}, which knows whose request
 * it is.
 */
@ApplicationModule(
    displayName = "intake",
    allowedDependencies = {"thread", "job", "tool", "catalog", "schema", "queue", "security"})
@NullMarked
package dev.longhaul.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
