/** What a job is: its identity, request, state and outcome. Knows no other room. */
@ApplicationModule(
    displayName = "job",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
