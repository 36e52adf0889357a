/** What the front door keeps of its clients whatever revision they speak, in Redis. */
@NullMarked
package dev.longhaul.mcp.redis;

import org.jspecify.annotations.NullMarked;
