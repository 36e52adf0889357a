/**
 * The production check of settings and of this JVM, and its Actuator endpoint. What concerns the
 * store is in {@code queue.redis.production}.
 */
@NamedInterface("production")
@NullMarked
package dev.longhaul.ops.production;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
