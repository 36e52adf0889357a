/** The queue on Redis: lists for jobs waiting, TTL'd hashes for jobs and results, Lua between. */
@NullMarked
package dev.longhaul.queue.redis;

import org.jspecify.annotations.NullMarked;
