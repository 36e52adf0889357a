package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testsupport.TestClock;
import java.time.Duration;

/** The queue's contract in memory. */
class InMemoryQueueContractTest extends QueueContract {
  private final TestClock clock = new TestClock();
  private final InMemoryQueue queue = new InMemoryQueue(clock);

  @Override
  protected JobQueue jobs() {
    return queue.jobs();
  }

  @Override
  protected WorkQueue work() {
    return queue.work();
  }

  @Override
  protected WorkQueue otherWork() {
    return queue.work();
  }

  @Override
  protected JobQueue smallJobs() {
    return queue.jobs(2);
  }

  @Override
  protected void expireLeases() {
    queue.loseWorkers();
  }

  @Override
  protected void expireAttendance() {
    queue.loseClients();
  }

  @Override
  protected void makeDue() {
    clock.advance(Duration.ofHours(1));
  }
}
