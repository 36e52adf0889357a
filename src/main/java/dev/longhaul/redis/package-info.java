/**
 * How Redis is reached: the connections, the one way to run a script, the hash tags that keys begin
 * with, and what a failure of Redis is thrown as. It knows nothing of what is stored.
 */
@ApplicationModule(displayName = "redis", allowedDependencies = "thread")
@NullMarked
package dev.longhaul.redis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
