package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationContract;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testsupport.TestClock;
import java.time.Duration;

/** Notifications in memory. */
class InMemoryNotificationContractTest extends NotificationContract {
  private final TestClock clock = new TestClock();
  private final InMemoryQueue queue = new InMemoryQueue(clock);

  @Override
  protected JobQueue jobs() {
    return queue.jobs();
  }

  @Override
  protected FlowQueue flows() {
    return queue.flows();
  }

  @Override
  protected WorkQueue work() {
    return queue.work();
  }

  @Override
  protected QueueAdmin admin() {
    return queue.admin();
  }

  @Override
  protected NotificationQueue notifications() {
    return queue.notifications();
  }

  @Override
  protected void expireLeases() {
    queue.loseWorkers();
  }

  @Override
  protected void heldForTooLong() {
    clock.advance(Duration.ofDays(7));
  }
}
