/** Is the Redis we were given one that can keep a queue? */
@NullMarked
package dev.longhaul.queue.redis.check;

import org.jspecify.annotations.NullMarked;
