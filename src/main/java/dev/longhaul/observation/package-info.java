/** Observations, for metrics and traces, whose failures do not reach what they observe. */
@ApplicationModule(
    displayName = "observation",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.observation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
