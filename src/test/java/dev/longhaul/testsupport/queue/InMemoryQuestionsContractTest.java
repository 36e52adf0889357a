package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QuestionsContract;
import dev.longhaul.queue.WorkQueue;

/** Questions of jobs in memory. */
class InMemoryQuestionsContractTest extends QuestionsContract {
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
  protected void expireLeases() {
    queue.loseWorkers();
  }
}
