package dev.longhaul.notify;

/**
 * The application event of the channel {@code event}: something has ended. Listen with
 * {@code @EventListener}; a listener that throws is called again as a delivery that failed.
 *
 * @param notification what has ended
 */
public record JobNotification(Notification notification) {}
