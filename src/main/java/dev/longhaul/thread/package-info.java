/**
 * Threads, timers and thread contexts. The only package that starts threads, so that the context of
 * a request is carried over consistently.
 */
@ApplicationModule(
    displayName = "thread",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.thread;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
