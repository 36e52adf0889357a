/**
 * What requests and answers in progress may cost this process: bytes, time, calls and connections.
 * It stands before the front doors, and the front doors word its refusals.
 */
@ApplicationModule(
    displayName = "load",
    allowedDependencies = {"security", "thread"})
@NullMarked
package dev.longhaul.load;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
