/**
 * Notifications about the end of jobs, batches and chains: webhooks and other channels, each
 * delivery a job of its own. A user's bean of the type {@link
 * dev.longhaul.notify.NotificationChannel} is one more channel.
 *
 * <p>It uses {@code tool}, because a delivery is run by a worker as a tool is, and because the
 * guard of outgoing requests is there.
 */
@ApplicationModule(
    displayName = "notify",
    allowedDependencies = {
      "thread",
      "job",
      "tool",
      "catalog",
      "schema",
      "outbound",
      "queue",
      "intake"
    })
@NullMarked
package dev.longhaul.notify;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
