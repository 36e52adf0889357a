package dev.longhaul.notify;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channel {@code log}: writes a line to the worker's log, without arguments and results. */
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
