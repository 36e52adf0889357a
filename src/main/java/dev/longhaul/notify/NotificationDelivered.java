package dev.longhaul.notify;

import dev.longhaul.job.JobId;

/**
 * An application event: a notification was delivered. It is published in the process that did.
 *
 * @param notification what was told
 * @param channel the name of the channel
 * @param delivery the job that delivered it
 * @param receipt what the channel says of it
 */
public record NotificationDelivered(
    Notification notification, String channel, JobId delivery, Receipt receipt) {}
