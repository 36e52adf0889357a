/**
 * What a job is: its identity, request, state and outcome. Knows no other room but {@code thread},
 * which it tells how a request comes along to another thread.
 */
@ApplicationModule(displayName = "job", allowedDependencies = "thread")
@NullMarked
package dev.longhaul.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
