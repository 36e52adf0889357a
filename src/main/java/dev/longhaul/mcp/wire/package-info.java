/**
 * JSON-RPC as MCP uses it: reading and writing messages, error codes, and headers that repeat parts
 * of the body.
 */
@NullMarked
package dev.longhaul.mcp.wire;

import org.jspecify.annotations.NullMarked;
