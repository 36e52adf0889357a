package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process is told of its jobs in the replies to its own worker. */
@Timeout(60)
class ToldInTheReplyTest {
  private static final List<String> QUEUES = List.of("default");
  private static final Outcome DONE = new Outcome.Answered("{}", false);

  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
  private RedisQueueFixture.Ports process;

  @BeforeEach
  void open() {
    redis.open();
    process = redis.process();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private final class Telling implements JobQueue.Watcher {
    @Override
    public void changed() {}

    @Override
    public void ended(Job job, Outcome outcome) {
      told.add(outcome);
    }

    @Override
    public void logged(JobLog log) {
      told.add(log);
    }
  }

  private static final class Failing implements JobQueue.Watcher {
    @Override
    public void changed() {
      throw new IllegalStateException("the listener is broken");
    }
  }

  private StepAnswer step(List<Completion> completions) throws Exception {
    return process.work().step(completions, QUEUES, 1).get(60, TimeUnit.SECONDS);
  }

  private static Completion done(Claim claim) {
    return new Completion.Finished(claim.id(), claim.token(), DONE);
  }

  @Test
  void aListenerThatFailsKeepsNeitherTheOthersFromTheEndNorTheWorkerFromItsClaims()
      throws Exception {
    process.jobs().enqueue(List.of(Requests.repeatable(), Requests.repeatable()));
    Claim claim = step(List.of()).claims().getFirst();
    for (int i = 0; i < 10; i++) {
      var _ = process.jobs().watch(claim.id(), i == 5 ? new Telling() : new Failing());
    }

    StepAnswer answer = step(List.of(done(claim)));

    assertThat(answer.accepted()).containsExactly(true);
    assertThat(answer.claims()).hasSize(1);
    assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(DONE);
  }

  @Test
  void whatIsLoggedBeforeTheSubmitterWatchesIsKeptInOrder() throws Exception {
    JobId id = process.jobs().submit(Requests.repeatable(), true).id();
    Claim claim = step(List.of()).claims().getFirst();
    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      JobLog said = new JobLog("info", null, Integer.toString(i));
      expected.add(said);
      assertThat(process.work().log(id, said).get(60, TimeUnit.SECONDS)).isTrue();
    }
    step(List.of(done(claim)));
    expected.add(DONE);

    try (var _ = process.jobs().watch(id, new Telling())) {
      for (Object next : expected) {
        assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(next);
      }
    }
  }
}
