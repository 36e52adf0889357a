/**
 * Starts threads, for every other room: this is the only place that does, so that what belongs to a
 * request comes along wherever its work goes on. Knows no other room.
 */
@ApplicationModule(
    displayName = "thread",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.thread;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
