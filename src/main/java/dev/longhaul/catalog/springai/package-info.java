/**
 * Adapts Spring AI's annotated methods and SDK specifications. Together with {@code mcp} the only
 * code that uses types of the MCP SDK.
 */
@NullMarked
package dev.longhaul.catalog.springai;

import org.jspecify.annotations.NullMarked;
