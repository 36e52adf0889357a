/**
 * The queue on Redis: lists of waiting jobs, hashes with a time to live for jobs and results, and
 * Lua scripts for every change of state.
 */
@NullMarked
package dev.longhaul.queue.redis;

import org.jspecify.annotations.NullMarked;
