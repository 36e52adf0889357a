/**
 * The ports to the durable queue: {@link dev.longhaul.queue.JobQueue} and {@link
 * dev.longhaul.queue.FlowQueue} for API processes, {@link dev.longhaul.queue.WorkQueue} for
 * workers. Their adapter is in {@code queue.redis}.
 */
@ApplicationModule(
    displayName = "queue",
    allowedDependencies = {"thread", "job", "redis", "production"})
@NullMarked
package dev.longhaul.queue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
