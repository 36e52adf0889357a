package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.FlowContract;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of batches and chains on a real Redis, with tests specific to Redis. */
class RedisFlowContractTest extends FlowContract {
  private static final int MANY = 1_200;

  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  @Override
  protected JobQueue jobs() {
    return redis.jobs(1_000_000);
  }

  @Override
  protected FlowQueue flows() {
    return redis.flows(1_000_000);
  }

  @Override
  protected FlowQueue smallFlows() {
    return redis.flows(2);
  }

  @Override
  protected WorkQueue work() {
    return redis.work();
  }

  @Override
  protected void makeDue() {
    redis.makeOld(":z");
  }

  @Override
  protected void upkeepIsDue() {
    redis.makeOld(":flows");
  }

  /** Seals in a process that dies after it has started some; returns whether children are left. */
  private boolean sealAndDie(JobId flow, int total) {
    return redis.redisFlows(1_000_000).sealAndStart(flow, total);
  }

  /** Cancels in a process that dies after some children; returns whether children are left. */
  private boolean cancelAndDie(JobId flow) {
    return redis.redisFlows(1_000_000).cancelFirst(flow) == 2;
  }

  @Test
  void aFlowIsForgottenNoSoonerThanItsJobs() {
    JobId flow = batch(false, 2);
    List<JobId> ids = children(flow);
    var claims = started(2);
    assertThat(giveUp(claims.get(0))).isTrue();
    assertThat(succeed(claims.get(1))).isTrue();

    long flowTtl = redis.commands().pttl(redis.tag() + ":b:" + flow);
    for (JobId id : ids) {
      assertThat(redis.commands().pttl(redis.tag() + ":j:" + id)).isLessThanOrEqualTo(flowTtl);
    }
  }

  @Test
  void nothingAsksForUpkeepWhenAllFlowsHaveEndedOrRun() {
    JobId ended = batch(false, 1);
    started(1).forEach(this::succeed);
    batch(false, 3);
    assertThat(flows().find(ended)).isPresent();

    assertThat(redis.commands().exists(redis.tag() + ":flows")).isZero();
    assertThat(flows().cancel(flowOf(started(1).getFirst()))).isNotNull();
    assertThat(redis.commands().exists(redis.tag() + ":flows")).isZero();
  }

  @Test
  void aChildWhoseDataIsGoneDoesNotKeepACancelledFlowOpen() {
    JobId flow = batch(false, 3);
    redis.forget(children(flow).get(1));

    flows().cancel(flow);

    assertThat(flows().find(flow).orElseThrow().times().finishedAt()).isNotNull();
    assertThat(flows().find(flow).orElseThrow().counts().cancelled()).isEqualTo(3);
  }

  @Test
  void nearlyExhaustedMemoryRefusesToStage() {
    JobId flow = openBatch(false);
    redis.commands().set(redis.tag() + ":full", "1");
    assertThatThrownBy(() -> flows().stage(flow, 0, requests(1)))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("memory");
    assertThatThrownBy(() -> openBatch(false)).isInstanceOf(QueueFullException.class);
    redis.commands().del(redis.tag() + ":full");
    flows().cancel(flow);
  }

  // The tests below are for adapters that start or cancel the children of a flow in several calls.

  @Test
  void upkeepStartsWhatAProcessThatDiedHasLeft() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(MANY));
    addCallbacks(flow);
    assertThat(sealAndDie(flow, MANY)).isTrue();
    assertThat(state(new FlowRef(flow, MANY - 1).job())).isEqualTo(JobState.HELD);
    int first = runAll().size();
    assertThat(first).isBetween(1, MANY - 1);
    assertThat(view(flow).state()).isEqualTo(FlowState.RUNNING);

    upkeep(15);
    List<String> ran = runAll();
    assertThat(ran).hasSize(MANY - first + 2).endsWith("then", "finally");
    assertThat(view(flow).counts().completed()).isEqualTo(MANY);
  }

  @Test
  void sealingAgainStartsTheRestToo() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(MANY));
    assertThat(sealAndDie(flow, MANY)).isTrue();
    flows().seal(flow, MANY);
    assertThat(runAll()).hasSize(MANY);
    assertThat(view(flow).state()).isEqualTo(FlowState.COMPLETED);
  }

  @Test
  void upkeepCancelsWhatAProcessThatDiedHasLeft() {
    JobId flow = batch(false, MANY);
    assertThat(cancelAndDie(flow)).isTrue();
    assertThat(view(flow).state()).isEqualTo(FlowState.CANCELLED);
    assertThat(view(flow).times().finishedAt()).isNull();
    // The children that are left cannot be claimed.
    assertThat(claim(3)).isEmpty();

    upkeep(15);
    assertThat(view(flow).times().finishedAt()).isNotNull();
    assertThat(view(flow).counts().cancelled()).isEqualTo(MANY);
    assertThat(runAll()).containsExactly("finally");
  }

  @Test
  void aCancelStopsAHalfStartedBatch() {
    JobId flow = openBatch(false);
    flows().stage(flow, 0, requests(MANY));
    assertThat(sealAndDie(flow, MANY)).isTrue();
    assertThat(flows().cancel(flow)).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(view(flow).counts().cancelled()).isEqualTo(MANY);
    upkeep(2);
    assertThat(runAll()).isEmpty();
  }
}
