/**
 * Runs jobs: claims them for pools of slots, renews their leases, retries, times out, and drains on
 * shutdown.
 */
@ApplicationModule(
    displayName = "worker",
    allowedDependencies = {"thread", "job", "tool", "catalog", "schema", "queue"})
@NullMarked
package dev.longhaul.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
