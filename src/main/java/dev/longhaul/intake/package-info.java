/**
 * The way in for every front door: validates, stores, waits, cancels, and keeps one caller's jobs
 * from another.
 */
@ApplicationModule(
    displayName = "intake",
    allowedDependencies = {"thread", "job", "tool", "catalog", "schema", "queue"})
@NullMarked
package dev.longhaul.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
