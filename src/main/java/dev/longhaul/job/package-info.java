/**
 * The model of a job: its identity, request, state and outcome. Depends on no other package except
 * {@code thread}, to pass the request context to other threads.
 */
@ApplicationModule(displayName = "job", allowedDependencies = "thread")
@NullMarked
package dev.longhaul.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
