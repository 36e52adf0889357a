/** Longhaul: MCP tool calls as durable jobs. Only the assembly lives here; see the rooms. */
@NullMarked
package dev.longhaul;

import org.jspecify.annotations.NullMarked;
