/** What the MCP endpoint keeps in Redis for clients of all revisions. */
@NullMarked
package dev.longhaul.mcp.redis;

import org.jspecify.annotations.NullMarked;
