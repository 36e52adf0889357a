package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.FlowContract;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueProperties;
import dev.longhaul.testsupport.TestClock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;

/** The contract of batches and chains in memory. */
class InMemoryFlowContractTest extends FlowContract {
  private static final Duration STAGING = Duration.ofMinutes(10);

  private final TestClock clock = new TestClock();
  private final Binder defaults = new Binder(List.of());
  private final InMemoryQueue queue =
      new InMemoryQueue(
          clock,
          defaults.bindOrCreate("longhaul", RedisQueueProperties.class).queue(),
          defaults.bindOrCreate("longhaul.results", ResultProperties.class),
          new FlowProperties(20_000, STAGING));

  @Override
  protected JobQueue jobs() {
    return queue.jobs();
  }

  @Override
  protected FlowQueue flows() {
    return queue.flows();
  }

  @Override
  protected FlowQueue smallFlows() {
    return queue.flows(2);
  }

  @Override
  protected WorkQueue work() {
    return queue.work();
  }

  @Override
  protected void makeDue() {
    clock.advance(Duration.ofHours(1));
  }

  @Override
  protected void upkeepIsDue() {
    clock.advance(STAGING);
  }
}
