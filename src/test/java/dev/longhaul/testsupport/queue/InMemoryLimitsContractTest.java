package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.LimitsContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testsupport.TestClock;
import java.time.Duration;

/** Limits, breakers, held jobs and keys in memory. */
class InMemoryLimitsContractTest extends LimitsContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private final TestClock clock = new TestClock();
  private final InMemoryQueue queue = new InMemoryQueue(clock);

  @Override
  protected JobQueue jobs() {
    return queue.jobs();
  }

  @Override
  protected JobQueue smallJobs() {
    return queue.jobs(2);
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
  protected void expireLeases() {
    queue.loseWorkers();
  }

  @Override
  protected void makeDue() {
    clock.advance(HOUR);
  }

  @Override
  protected void timePasses() {
    clock.advance(HOUR);
  }

  @Override
  protected void headsHaveWaited() {
    clock.advance(HOUR);
  }
}
