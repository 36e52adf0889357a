/** The MCP front door: one endpoint, one dispatcher, one class per method. */
@ApplicationModule(
    displayName = "mcp",
    allowedDependencies = {
      "thread",
      "redis",
      "load",
      "job",
      "tool",
      "catalog",
      "schema",
      "queue",
      "intake",
      "intake :: request"
    })
@NullMarked
package dev.longhaul.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
