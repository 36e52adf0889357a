/**
 * Observes every MCP method: count, duration and failure for metrics, and its span where traces are
 * on.
 */
@NamedInterface("observation")
@NullMarked
package dev.longhaul.mcp.observation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
