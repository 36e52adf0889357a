/** JSON-RPC as MCP uses it: reading and writing messages, and error codes. */
@NullMarked
package dev.longhaul.mcp.wire;

import org.jspecify.annotations.NullMarked;
