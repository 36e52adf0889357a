/** What the earlier revisions keep, in Redis. */
@NullMarked
package dev.longhaul.mcp.legacy.redis;

import org.jspecify.annotations.NullMarked;
