package dev.longhaul.notify;

import dev.longhaul.job.JobId;

/**
 * An application event: a notification was given up, because its attempts are used up or none could
 * help. It is published in the process that made the last attempt; a worker that is lost in its
 * last attempt publishes nothing.
 *
 * @param notification what was to be told
 * @param channel the name of the channel
 * @param delivery the job that tried; it is dead or failed
 * @param code a stable upper-case name of what was wrong
 * @param message the same in words
 */
public record NotificationFailed(
    Notification notification, String channel, JobId delivery, String code, String message) {}
