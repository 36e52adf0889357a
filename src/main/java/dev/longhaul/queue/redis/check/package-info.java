/** Checks whether the configured Redis is suitable for the queue. */
@NullMarked
package dev.longhaul.queue.redis.check;

import org.jspecify.annotations.NullMarked;
