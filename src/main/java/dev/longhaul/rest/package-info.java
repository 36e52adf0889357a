/** The REST front door. */
@ApplicationModule(
    displayName = "rest",
    allowedDependencies = {
      "job",
      "tool",
      "catalog",
      "schema",
      "queue",
      "intake",
      "intake :: flow",
      "intake :: request",
      "intake :: cache",
      "mcp :: timeout",
      "ops :: health",
      "ops :: statistics",
      "load",
      "gateway",
      "security",
      "security :: apikey",
      "thread"
    })
@NullMarked
package dev.longhaul.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
