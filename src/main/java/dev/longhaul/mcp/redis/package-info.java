/** Redis stores of the MCP endpoint for clients of all revisions. */
@NullMarked
package dev.longhaul.mcp.redis;

import org.jspecify.annotations.NullMarked;
