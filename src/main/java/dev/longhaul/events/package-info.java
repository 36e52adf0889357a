/**
 * Spring application events for ended jobs. Listen with {@code @EventListener} to {@link
 * dev.longhaul.events.JobProcessed}, {@link dev.longhaul.events.JobFailed}, {@link
 * dev.longhaul.events.JobCancelled}, or to all of them as {@link dev.longhaul.events.JobEvent}; and
 * for runs that take long, {@link dev.longhaul.events.SlowOperation}.
 */
@ApplicationModule(
    displayName = "events",
    allowedDependencies = {
      "thread", "job", "tool", "catalog", "schema", "queue", "worker", "intake"
    })
@NullMarked
package dev.longhaul.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
