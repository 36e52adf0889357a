/** The stores of the earlier revisions in Redis. */
@NullMarked
package dev.longhaul.mcp.legacy.redis;

import org.jspecify.annotations.NullMarked;
