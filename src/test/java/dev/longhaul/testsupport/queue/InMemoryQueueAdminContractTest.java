package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QueueAdminContract;
import dev.longhaul.queue.WorkQueue;

/** Queue states and dead letters in memory. */
class InMemoryQueueAdminContractTest extends QueueAdminContract {
  private final InMemoryQueue queue = new InMemoryQueue();

  @Override
  protected JobQueue jobs() {
    return queue.jobs();
  }

  @Override
  protected WorkQueue work() {
    return queue.work();
  }

  @Override
  protected QueueAdmin admin() {
    return queue.admin();
  }
}
