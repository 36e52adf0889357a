/**
 * Spring AI's annotated methods as tools. With {@code mcp}, the only place that knows the MCP SDK's
 * types.
 */
@NullMarked
package dev.longhaul.catalog.springai;

import org.jspecify.annotations.NullMarked;
