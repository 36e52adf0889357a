package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QuotaProperties;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.util.unit.DataSize;

/** The lines in which jobs wait: what two of them could mistake for each other, and their order. */
class LinesTest {
  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private static JobRequest request(String owner, String tool, String queue, Priority priority) {
    JobRequest one = Requests.of("{}", owner);
    return new JobRequest(
        one.method(),
        tool,
        one.params(),
        owner,
        queue,
        priority,
        Duration.ZERO,
        false,
        one.timeout(),
        one.retryUntil(),
        one.retry(),
        one.metadata());
  }

  private static JobRequest request(String owner, String tool) {
    return request(owner, tool, "default", Priority.DEFAULT);
  }

  private List<Claim> claims(int most, String... queues) {
    return redis.work().step(List.of(), List.of(queues), most).join().claims();
  }

  private static List<JobId> ids(List<Claim> claims) {
    return claims.stream().map(Claim::id).toList();
  }

  // q:gpu:2:2 is the list of caller 2 in the queue gpu, and the ring of the queue gpu:2.
  @Test
  void queuesWhoseNamesBeginAlikeDoNotShareLines() {
    JobQueue jobs = redis.jobs(1_000);
    JobId one = jobs.enqueue(List.of(request("2", "greet", "gpu", Priority.DEFAULT))).getFirst();
    JobId other =
        jobs.enqueue(List.of(request("x", "greet", "gpu:2", Priority.DEFAULT))).getFirst();
    List<JobId> claimed = new ArrayList<>(ids(claims(10, "gpu")));
    claimed.addAll(ids(claims(10, "gpu:2")));
    assertThat(claimed).containsExactlyInAnyOrder(one, other);
  }

  // q:gpu:2:w is the list of caller w in the queue gpu, and the wake token of the queue gpu:2.
  @Test
  void aWakeTokenIsNotTakenForAJob() {
    JobQueue jobs = redis.jobs(1_000);
    JobId one = jobs.enqueue(List.of(request("w", "greet", "gpu", Priority.DEFAULT))).getFirst();
    jobs.enqueue(List.of(request("x", "greet", "gpu:2", Priority.DEFAULT)));
    redis.commands().brpop(1, redis.tag() + ":q:gpu:2:w"); // as an idle worker of gpu:2 does
    assertThat(ids(claims(10, "gpu"))).containsExactly(one);
  }

  @Test
  void aDeletedJobAtTheHeadOfABandDoesNotEndItsPatience() {
    JobQueue jobs = redis.jobs(1_000);
    List<JobId> low =
        jobs.enqueue(Collections.nCopies(2, request("a", "any", "default", Priority.LOW)));
    for (JobId id : low) {
      redis.commands().hset(redis.tag() + ":j:" + id, "qa", "1000");
    }
    jobs.delete(low.getFirst(), true);
    jobs.enqueue(Collections.nCopies(40, request("a", "any", "default", Priority.URGENT)));
    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      order.addAll(ids(claims(8, "default")));
    }
    assertThat(order).hasSize(32).contains(low.get(1));
  }

  @Test
  void jobsOfACallerKeepTheirOrderWhenTheSecondLimitHoldsThemBackToo() {
    redis.limitedTo(new QuotaProperties(0, DataSize.ofBytes(0), 2, 0, 0, DataSize.ofBytes(0)));
    JobQueue jobs = redis.jobs(1_000);
    Limits two = new Limits(2, null, null);
    jobs.enqueue(List.of(request("a", "other")));
    List<JobId> mine = jobs.enqueue(Collections.nCopies(5, request("a", "scarce").limited(two)));
    List<Claim> first = claims(10, "default"); // the other one and mine 0
    assertThat(first).hasSize(2);
    JobId his = jobs.enqueue(List.of(request("b", "scarce").limited(two))).getFirst();
    List<Claim> second = claims(10, "default");
    assertThat(ids(second)).containsExactly(his);

    redis.end(first.getFirst()); // lets mine 1 go, for which there is no slot of the tool
    assertThat(claims(10, "default")).isEmpty();
    List<JobId> order = new ArrayList<>();
    List<Claim> running = new ArrayList<>(List.of(first.get(1), second.getFirst()));
    while (!running.isEmpty()) {
      redis.end(running.removeFirst());
      List<Claim> next = claims(10, "default");
      order.addAll(ids(next));
      running.addAll(next);
    }
    assertThat(order).containsExactlyElementsOf(mine.subList(1, 5));
  }

  // Redis executes a command twice when a connection breaks before its reply.
  @Test
  void aCommandThatIsExecutedTwiceIsNotRefusedForWhatItHasStoredItself() {
    String id = JobId.create(System.currentTimeMillis(), 0).value();
    String[] args = {
      "1",
      "1000",
      "1 0 0 0 0",
      "1",
      id,
      "default 2 0 0 60000 a a 60000 - - 0 - 0 -".replace("a a", "a -"),
      "0",
      "60000 1 512 a - default 2 greet - 5 3 60000 - ",
      "{}"
    };
    for (int i = 0; i < 2; i++) {
      List<Object> answer =
          redis
              .commands()
              .eval(
                  Script.ENQUEUE.source(),
                  io.lettuce.core.ScriptOutputType.MULTI,
                  new String[] {redis.tag()},
                  args);
      assertThat(answer.getFirst()).as("answer %s: %s", i, answer).isEqualTo(1L);
    }
  }
}
