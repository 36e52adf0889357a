/**
 * Notifications about the end of jobs, batches and chains: webhooks and other channels. Each
 * delivery is a job. A user's bean of the type {@link dev.longhaul.notify.NotificationChannel} is
 * one more channel.
 *
 * <p>It uses {@code tool} and {@code catalog}, because a worker runs a delivery as it runs a tool,
 * and {@code outbound}, which checks the addresses of outgoing requests.
 */
@ApplicationModule(
    displayName = "notify",
    allowedDependencies = {
      "thread",
      "secret",
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
