/** JSON-RPC as MCP uses it: messages in, messages out, error codes, mirrored header values. */
@NullMarked
package dev.longhaul.mcp.wire;

import org.jspecify.annotations.NullMarked;
