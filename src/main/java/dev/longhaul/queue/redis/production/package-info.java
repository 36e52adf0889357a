/** Looks at the Redis for the production check: what it keeps, how it answers, who works. */
@NamedInterface("production")
@NullMarked
package dev.longhaul.queue.redis.production;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
