/** Runs claimed jobs: pool, runner, lease keeper, drain. */
@ApplicationModule(
    displayName = "worker",
    allowedDependencies = {"thread", "job", "tool", "catalog", "schema", "queue"})
@NullMarked
package dev.longhaul.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
