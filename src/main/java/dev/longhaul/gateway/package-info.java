/**
 * The gateway: other MCP servers, the upstreams, as sources of the catalogue. Their tools run as
 * jobs like those of this server.
 */
@ApplicationModule(
    displayName = "gateway",
    allowedDependencies = {
      "thread",
      "observation",
      "redis",
      "queue :: embedded",
      "job",
      "schema",
      "tool",
      "catalog",
      "outbound",
      "secret"
    })
@NullMarked
package dev.longhaul.gateway;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
