/** Limits on requests and responses in progress: memory, time, calls and connections. */
@ApplicationModule(
    displayName = "load",
    allowedDependencies = {"security", "thread"})
@NullMarked
package dev.longhaul.load;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
