package dev.longhaul.notify;

import org.springframework.context.ApplicationEventPublisher;

/**
 * The channel {@code event}: publishes {@link JobNotification} as an application event in the
 * worker's process.
 */
final class EventChannel implements NotificationChannel {
  private final ApplicationEventPublisher events;

  EventChannel(ApplicationEventPublisher events) {
    this.events = events;
  }

  @Override
  public String name() {
    return "event";
  }

  @Override
  public Receipt deliver(Notification notification) {
    events.publishEvent(new JobNotification(notification));
    return Receipt.DELIVERED;
  }
}
