/**
 * Access to Redis: connections, scripts, pub/sub, hash tags, and the exception for failures.
 * Independent of what is stored.
 */
@ApplicationModule(displayName = "redis", allowedDependencies = "thread")
@NullMarked
package dev.longhaul.redis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
