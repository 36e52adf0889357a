/** Health, metrics and operator endpoints. */
@ApplicationModule(
    displayName = "ops",
    allowedDependencies = {
      "job",
      "tool",
      "catalog",
      "schema",
      "queue",
      "worker",
      "events",
      "thread",
      "redis",
      "intake",
      "intake :: cache",
      "mcp :: observation",
      "mcp :: timeout",
      "production",
      "relay",
      "security"
    })
@NullMarked
package dev.longhaul.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
