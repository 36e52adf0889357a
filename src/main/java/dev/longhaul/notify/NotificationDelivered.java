package dev.longhaul.notify;

import dev.longhaul.job.JobId;

/**
 * An application event: a notification was delivered. Published in the delivering process.
 *
 * @param notification the notification
 * @param channel the name of the channel
 * @param delivery the delivery job
 * @param receipt the channel's receipt
 */
public record NotificationDelivered(
    Notification notification, String channel, JobId delivery, Receipt receipt) {}
