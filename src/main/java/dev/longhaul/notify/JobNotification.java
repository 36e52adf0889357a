package dev.longhaul.notify;

/**
 * The application event of the channel {@code event}: a job, batch or chain has ended. Listen with
 * {@code @EventListener}; if a listener throws, the delivery is retried.
 *
 * @param notification what has ended
 */
public record JobNotification(Notification notification) {}
