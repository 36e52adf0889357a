package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What builds of layouts 1 and 2 have stored is converted, and everything ends as it should. */
class ConversionTest {
  private static final Outcome.Answered ANSWER = new Outcome.Answered("{}", false);
  private static final List<String> QUEUES = List.of("default", "notify");

  @RegisterExtension
  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private StoredStates states = StoredStates.of(2);

  private JobId id(String name) {
    return new JobId(states.ids().path(name).asString());
  }

  private void restore(int layout) {
    states = StoredStates.of(layout);
    states.restore(TestRedis.url(), redis.tag());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void jobsAreReadAsTheOlderBuildLeftThem(int layout) {
    restore(layout);
    JobQueue jobs = redis.jobs(1000);
    assertThat(jobs.depths().running()).isEqualTo(7);
    assertThat(redis.commands().hgetall(redis.tag() + ":meta"))
        .containsEntry("layout", "3")
        .doesNotContainKeys("converting", "raise");

    Map<String, JobState> expected =
        Map.ofEntries(
            Map.entry("small", JobState.COMPLETED),
            Map.entry("error", JobState.COMPLETED),
            Map.entry("large", JobState.COMPLETED),
            Map.entry("failed", JobState.FAILED),
            Map.entry("refused", JobState.FAILED),
            Map.entry("dead", JobState.DEAD),
            Map.entry("retried", JobState.SCHEDULED),
            Map.entry("lost", JobState.RUNNING),
            Map.entry("running", JobState.RUNNING),
            Map.entry("running-once", JobState.RUNNING),
            Map.entry("offered", JobState.QUEUED),
            Map.entry("asking", JobState.INPUT_REQUIRED),
            Map.entry("cancelled-running", JobState.CANCELLED),
            Map.entry("slot", JobState.RUNNING),
            Map.entry("parked", JobState.QUEUED),
            Map.entry("told", JobState.CANCELLED),
            Map.entry("to-tell", JobState.QUEUED),
            Map.entry("urgent", JobState.QUEUED),
            Map.entry("other-owner", JobState.QUEUED),
            Map.entry("scheduled", JobState.SCHEDULED),
            Map.entry("held", JobState.HELD),
            Map.entry("keyed", JobState.QUEUED),
            Map.entry("deadline", JobState.QUEUED),
            Map.entry("headed", JobState.QUEUED),
            Map.entry("tombstone", JobState.CANCELLED));
    Map<String, JobState> found = new HashMap<>();
    expected.keySet().forEach(name -> found.put(name, job(jobs, name).state()));
    assertThat(found).isEqualTo(expected);

    assertThat(jobs.outcome(id("small")))
        .contains(new Outcome.Answered("{\"content\":\"small\"}", false));
    assertThat(jobs.outcome(id("error")))
        .contains(new Outcome.Answered("{\"content\":\"error\"}", true));
    assertThat(jobs.outcome(id("middle")))
        .contains(new Outcome.Answered("\"" + "m".repeat(10_000) + "\"", false));
    assertThat(jobs.outcome(id("large")))
        .contains(new Outcome.Answered("\"" + "l".repeat(80_000) + "\"", false));
    assertThat(jobs.outcome(id("failed")))
        .contains(new Outcome.Failed(JobError.timeout(1), new Partial("{\"rows\":7}", 7L, 10L)));
    assertThat(jobs.outcome(id("refused")))
        .contains(new Outcome.Refused(-32602, "no such thing", null));

    Job announced = job(jobs, "announced");
    assertThat(announced.times().expiresAt())
        .isAfterOrEqualTo(announced.times().createdAt().plus(Duration.ofHours(30)).minusSeconds(1));
    assertThat(job(jobs, "small").attempt()).isEqualTo(1);
    assertThat(job(jobs, "small").attempts().getFirst().worker()).isNotNull();
    assertThat(job(jobs, "retried").attempts()).hasSize(1);
    assertThat(job(jobs, "lost").attempt()).isEqualTo(2);
    assertThat(job(jobs, "offered").attempt()).isZero();
    assertThat(job(jobs, "other-owner").owner()).isEqualTo("Zoë Ω");
    assertThat(job(jobs, "parked").waiting()).isNotNull();
    assertThat(jobs.questions(id("asking"))).hasSize(1);
    assertThat(jobs.enqueue(List.of(keyed()))).containsExactly(id("keyed"));
    assertThat(jobs.list(new JobFilter("Zoë Ω", null, null, null, 500)).jobs()).hasSize(2);
    assertThat(jobs.list(new JobFilter("local", JobState.RUNNING, null, null, 500)).jobs())
        .hasSize(4);
  }

  private static dev.longhaul.job.JobRequest keyed() {
    return Requests.repeatable().keyed(new IdempotencyKey("digest-1", "arguments-1"));
  }

  private Job job(JobQueue jobs, String name) {
    return jobs.find(id(name)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everythingThatWasOpenEndsOnce(int layout) {
    restore(layout);
    JobQueue jobs = redis.jobs(1000);
    WorkQueue work = redis.work();
    jobs.depths(); // converts; in the application the start does
    jobs.release(id("held"));
    jobs.answer(id("asking"), Map.of("q1", "{\"action\":\"accept\"}"));
    redis.makeOld(":z");
    redis.makeOld(":l");
    work.reap(100);
    assertThat(job(jobs, "running-once").state()).isEqualTo(JobState.DEAD);
    redis.admin().replay(List.of(id("dead")));

    Set<JobId> seen = new HashSet<>();
    Map<JobId, Claim> claims = new HashMap<>();
    List<Claim> next = claim(work);
    while (!next.isEmpty()) {
      for (Claim claim : next) {
        assertThat(seen.add(claim.id())).as("%s is claimed once", claim.id()).isTrue();
        claims.put(claim.id(), claim);
        assertThat(finish(work, claim)).isTrue();
      }
      redis.timePasses();
      next = claim(work);
    }
    assertThat(seen)
        .contains(
            id("lost"),
            id("running"),
            id("offered"),
            id("asking"),
            id("slot"),
            id("parked"),
            id("retried"),
            id("urgent"),
            id("high"),
            id("low"),
            id("other-owner"),
            id("scheduled"),
            id("held"),
            id("keyed"),
            id("deadline"),
            id("headed"),
            id("to-tell"))
        .doesNotContain(id("tombstone"), id("running-once"), id("cancelled-running"), id("dead"));
    assertThat(Objects.requireNonNull(claims.get(id("lost"))).attempt()).isEqualTo(3);
    assertThat(Objects.requireNonNull(claims.get(id("offered"))).attempt()).isEqualTo(1);
    assertThat(Objects.requireNonNull(claims.get(id("headed"))).headers())
        .contains("inspector", "\"templates\":true");
    assertThat(Objects.requireNonNull(claims.get(id("headed"))).params())
        .isEqualTo("{\"name\":\"greet\"}");
    assertThat(redis.flows(1000).find(id("batch")).orElseThrow().state())
        .isEqualTo(FlowState.COMPLETED);
    assertThat(redis.flows(1000).find(id("chain")).orElseThrow().state())
        .isEqualTo(FlowState.COMPLETED);
    assertThat(jobs.depths().running()).isZero();
    assertThat(redis.commands().exists(redis.tag() + ":cl", redis.tag() + ":use")).isZero();
  }

  private static List<Claim> claim(WorkQueue work) {
    List<Claim> claims = work.step(List.of(), QUEUES, 64).join().claims();
    work.start(claims).join();
    return claims;
  }

  private static boolean finish(WorkQueue work, Claim claim) {
    var end = new Completion.Finished(claim.id(), claim.token(), ANSWER);
    return work.step(List.of(end), QUEUES, 0).join().accepted().getFirst();
  }

  @Test
  void aConversionThatWasInterruptedIsFinishedByTheNextProcess() {
    restore(2);
    redis.commands().hset(redis.tag() + ":meta", Map.of("layout", "3", "converting", "2"));
    // One job is converted already.
    redis
        .commands()
        .eval(
            Script.CONVERT.source(),
            io.lettuce.core.ScriptOutputType.INTEGER,
            new String[] {redis.tag()},
            id("running").value(),
            "local",
            "");
    redis.commands().set(redis.tag() + ":converter", "the process that was killed");
    assertThatThrownBy(() -> redis.jobs(1000).depths())
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageContaining("is being converted");

    redis.commands().del(redis.tag() + ":converter"); // as when its lock has ended
    JobQueue jobs = redis.jobs(1000);
    assertThat(jobs.depths().running()).isEqualTo(7);
    assertThat(job(jobs, "running").state()).isEqualTo(JobState.RUNNING);
    assertThat(job(jobs, "small").state()).isEqualTo(JobState.COMPLETED);
    assertThat(redis.commands().hget(redis.tag() + ":meta", "converting")).isNull();
    assertThat(redis.commands().pttl(redis.tag() + ":lines-converted")).isPositive();
  }

  @Test
  void thatLinesAreConvertedIsKnownUntilTheConversionHasEndedHoweverLongThatTakes() {
    String mark = redis.tag() + ":lines-converted";
    assertThat(convertLines(1)).as("there are none").isEqualTo(-1);
    assertThat(redis.commands().pttl(mark)).isEqualTo(-1);
    convertLines(0);
    assertThat(redis.commands().pttl(mark)).isPositive();
  }

  private long convertLines(int most) {
    Long converted =
        redis
            .commands()
            .eval(
                Script.CONVERT_LINES.source(),
                io.lettuce.core.ScriptOutputType.INTEGER,
                new String[] {redis.tag()},
                Integer.toString(most));
    return converted;
  }

  @Test
  void nothingIsConvertedWhileProcessesOfAnOlderBuildRun() {
    restore(2);
    String key = redis.tag() + ":processes";
    redis.commands().hset(key, "worker-old", (System.currentTimeMillis() + 40_000) + " 2 2 0.1.0");

    assertThatThrownBy(() -> redis.jobs(1000).depths())
        .isInstanceOf(OlderProcessesException.class)
        .hasMessageContaining("worker-old")
        .hasMessageContaining("Stop all processes of the older version");
    assertThat(redis.commands().hget(redis.tag() + ":meta", "layout")).isEqualTo("2");

    redis.commands().hdel(key, "worker-old");
    assertThat(redis.jobs(1000).depths().running()).isEqualTo(7);
  }
}
