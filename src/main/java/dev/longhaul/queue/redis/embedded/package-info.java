/**
 * The Redis that the runnable application starts for itself when none is configured: finding a
 * server program, owning the data directory, starting, adopting after a crash, stopping last.
 */
@NamedInterface("embedded")
@NullMarked
package dev.longhaul.queue.redis.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
