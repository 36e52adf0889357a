package dev.longhaul.notify;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line to the worker's log: what has ended and how, nothing of its content. */
final class LogChannel implements NotificationChannel {
  private static final Logger log = LoggerFactory.getLogger(LogChannel.class);

  @Override
  public String name() {
    return "log";
  }

  @Override
  public Receipt deliver(Notification notification) {
    log.info("{} {} at {}", notification.type(), notification.subject(), notification.timestamp());
    return Receipt.DELIVERED;
  }
}
