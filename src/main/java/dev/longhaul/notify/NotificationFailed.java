package dev.longhaul.notify;

import dev.longhaul.job.JobId;

/**
 * An application event: a notification has failed, because its attempts are exhausted or the
 * failure is permanent. Published in the process of the last attempt; if that worker is lost,
 * nothing is published.
 *
 * @param notification the notification
 * @param channel the name of the channel
 * @param delivery the delivery job, which is dead or failed
 * @param code a stable upper-case error code
 * @param message a description of the error
 */
public record NotificationFailed(
    Notification notification, String channel, JobId delivery, String code, String message) {}
