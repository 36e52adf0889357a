package dev.longhaul.notify;

/**
 * A channel for notifications about the end of jobs, batches and chains. Every bean of this type is
 * one; callers name it in {@code notify} of a request, or the operator for all jobs in {@code
 * longhaul.notifications.channels}.
 */
public interface NotificationChannel {

  /** Its unique name, 1 to 64 of A-Z a-z 0-9 _ . - */
  String name();

  /**
   * Delivers a notification, in a thread of a worker. It may be called again for the same
   * notification, with the same {@link Notification#id()}: after an exception up to {@code
   * longhaul.notifications.attempts} times, after a lost worker, and when its owner asks for a
   * replay. A call that takes five seconds longer than {@code longhaul.notifications.timeout} is
   * interrupted and counts as failed.
   *
   * @return the entry for the delivery log
   * @throws DeliveryException if it was not delivered, with the details for the delivery log
   * @throws Exception any other exception also means that it was not delivered
   */
  Receipt deliver(Notification notification) throws Exception;
}
