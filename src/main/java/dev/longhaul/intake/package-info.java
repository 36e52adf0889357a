/**
 * Receives the requests of all front doors: validates and stores calls, waits for and cancels jobs,
 * and separates the jobs of different callers.
 */
@ApplicationModule(
    displayName = "intake",
    allowedDependencies = {"thread", "job", "tool", "catalog", "schema", "queue"})
@NullMarked
package dev.longhaul.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
