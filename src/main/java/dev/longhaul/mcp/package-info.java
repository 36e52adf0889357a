/** The MCP endpoint, for all protocol revisions. */
@ApplicationModule(
    displayName = "mcp",
    allowedDependencies = {
      "thread",
      "observation",
      "secret",
      "redis",
      "load",
      "job",
      "tool",
      "catalog",
      "schema",
      "queue",
      "intake",
      "intake :: request",
      "security"
    })
@NullMarked
package dev.longhaul.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
