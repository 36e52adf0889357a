package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import dev.longhaul.thread.Listeners;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tools that do not stop, and claimed jobs that are not started. */
class StuckToolsTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final WorkerFixture fixture = new WorkerFixture();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Heard heard = new Heard();

  /** Records stuck tools. */
  private static final class Heard implements JobListener {
    final CountDownLatch stuck = new CountDownLatch(1);
    final CountDownLatch unstuck = new CountDownLatch(1);

    @Override
    public void stuck(Claim claim, String tool) {
      if (tool.equals("deaf")) {
        stuck.countDown();
      }
    }

    @Override
    public void unstuck(Claim claim, String tool) {
      if (tool.equals("deaf")) {
        unstuck.countDown();
      }
    }
  }

  @AfterEach
  void close() {
    release.countDown();
    gate.countDown();
    fixture.close();
  }

  @Test
  void jobsOfAToolThatIgnoresItsInterruptAreGivenBackUntilItReturns() {
    Worker worker = fixture.start(fixture.redis.work(), deafAndFine(), settings(2, false), heard);
    JobId deaf = fixture.enqueue("deaf", ONCE, SHORT, 0);
    waitFor(heard.stuck);

    assertThat(worker.stuckTools()).containsExactly("deaf");
    assertThat(fixture.outcome(deaf)).isInstanceOf(Outcome.Failed.class);
    JobId next = fixture.enqueue("deaf", ONCE, LIMIT, 1);
    assertThat(fixture.waitFor(next, JobState.SCHEDULED).attempt()).isZero();
    // The pool's other slot is still used for other tools.
    fixture.waitFor(fixture.enqueue("fine", ONCE), JobState.COMPLETED);

    release.countDown();
    waitFor(heard.unstuck);
    assertThat(worker.stuckTools()).isEmpty();
    assertThat(fixture.waitFor(next, JobState.COMPLETED).attempt()).isEqualTo(1);
  }

  @Test
  void anotherWorkerTakesTheJobsOfAToolThatIsStuckInOne() {
    fixture.start(fixture.redis.work(), deafAndFine(), settings(2, false), heard);
    fixture.enqueue("deaf", ONCE, SHORT, 0);
    waitFor(heard.stuck);

    fixture.start(fixture.redis.otherWork(), deafAndFine(), settings(2, false));
    fixture.waitFor(fixture.enqueue("deaf", ONCE, LIMIT, 1), JobState.COMPLETED);
    assertThat(heard.unstuck.getCount()).isEqualTo(1);
  }

  @Test
  void aCancelledToolThatGoesOnIsStuckToo() {
    Worker worker = fixture.start(fixture.redis.work(), deafAndFine(), settings(1, false), heard);
    JobId deaf = fixture.enqueue("deaf", ONCE, LIMIT, 0);
    fixture.waitFor(deaf, JobState.RUNNING);
    fixture.jobs.cancel(deaf);
    waitFor(heard.stuck);

    assertThat(worker.stuckTools()).containsExactly("deaf");
    assertThat(fixture.job(deaf).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aTimeOutThatTheToolIgnoresIsNotTriedAgain() {
    var runs = new AtomicInteger();
    RegisteredTools tools =
        WorkerFixture.tools(
            "deaf",
            _ -> {
              runs.incrementAndGet();
              FailingToolsTest.awaitUninterruptibly(release);
              return Tools.text("too late");
            });
    Worker worker = fixture.start(fixture.redis.work(), tools, settings(5, false), heard);
    JobId deaf = fixture.enqueue("deaf", REPEATABLE, SHORT, 0);

    assertThat(fixture.outcome(deaf))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.error().code()).isEqualTo(JobError.TIMEOUT));
    release.countDown();
    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
    assertThat(fixture.job(deaf).state()).isEqualTo(JobState.FAILED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aProcessWhosePoolIsStuckEndsWhenItsOtherJobsAreDone() {
    var slow = new CountDownLatch(1);
    var finished = new AtomicBoolean();
    RegisteredTools tools = deafAndFine();
    tools.register(
        Tools.queued(
            "slow",
            _ -> {
              slow.countDown();
              FailingToolsTest.awaitUninterruptibly(gate);
              finished.set(true);
              return Tools.text("");
            }));
    fixture.start(fixture.redis.work(), tools, twoPools(), heard);
    JobId running = fixture.enqueue("slow", ONCE);
    waitFor(slow);
    fixture.jobs.enqueue(List.of(WorkerFixture.request("apart", "deaf", ONCE, SHORT, 0)));
    waitFor(heard.stuck);

    gate.countDown();
    waitFor(fixture.exited);
    assertThat(finished).isTrue();
    fixture.waitFor(running, JobState.COMPLETED);
    // The worker claims no more jobs, in any pool.
    JobId late = fixture.enqueue("fine", ONCE);
    assertThat(fixture.job(late).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aClaimedJobThatNoThreadBeginsIsGivenBackWithoutAnAttempt() {
    WorkQueue queue = fixture.redis.work();
    JobId id = fixture.enqueue("fine", ONCE);
    Claim claim = queue.step(List.of(), List.of("default"), 1).join().claims().getFirst();
    assertThat(queue.start(List.of(claim)).join()).containsExactly(id);
    assertThat(fixture.job(id).state()).isEqualTo(JobState.RUNNING);
    var running = new RunningJobs();
    RunningJob job = unbegun(claim);
    running.add(job);
    List<Report> reports = new ArrayList<>();
    var now = new AtomicLong(job.claimedAt() + Watchdog.BEGIN_LIMIT.toNanos() - 1);
    var watchdog =
        new Watchdog(
            running,
            new StuckTools(new Listeners<>(List.of(), "")),
            List::of,
            reports::add,
            LIMIT,
            null,
            now::get);

    watchdog.run();
    assertThat(reports).isEmpty();
    now.incrementAndGet();
    watchdog.run();
    watchdog.run();

    assertThat(reports).hasSize(1);
    assertThat(job.begin()).isFalse();
    assertThat(running.count()).isZero();
    var _ = queue.step(List.of(reports.getFirst().completion()), List.of("default"), 0).join();
    assertThat(fixture.job(id).state()).isEqualTo(JobState.QUEUED);
    assertThat(fixture.job(id).attempt()).isZero();
  }

  static RunningJob unbegun(Claim claim) {
    Tool tool = Tools.queued("fine", _ -> Tools.text(""));
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {}

          @Override
          public void log(dev.longhaul.job.JobLog said) {}
        };
    var call =
        new AttemptContext(
            claim.id().value(),
            1,
            "local",
            Clock.systemUTC().instant().plus(LIMIT),
            Clock.systemUTC(),
            Tools.JSON,
            sink);
    var slot =
        new Slot() {
          @Override
          public void release() {}

          @Override
          public void take() {}
        };
    return new RunningJob(claim, tool, call, slot);
  }

  /** The tool deaf, which ignores its interrupt if its argument is 0, and the tool fine. */
  private RegisteredTools deafAndFine() {
    RegisteredTools tools =
        WorkerFixture.tools(
            "deaf",
            call -> {
              if (call.arguments().path("number").asInt() == 0) {
                FailingToolsTest.awaitUninterruptibly(release);
              }
              return Tools.text("");
            });
    tools.register(Tools.queued("fine", _ -> Tools.text("")));
    return tools;
  }

  private static WorkerProperties settings(int concurrency, boolean exit) {
    return settings(
        Map.of(
            "io",
            new PoolSettings(List.of("default"), concurrency, null),
            "cpu",
            new PoolSettings(null, 0, null)),
        exit);
  }

  private static WorkerProperties twoPools() {
    return settings(
        Map.of(
            "io",
            new PoolSettings(List.of("default"), 2, null),
            "cpu",
            new PoolSettings(null, 0, null),
            "apart",
            new PoolSettings(List.of("apart"), 1, null)),
        true);
  }

  private static WorkerProperties settings(Map<String, PoolSettings> pools, boolean exit) {
    return new WorkerProperties(
        pools,
        LIMIT,
        Duration.ofMillis(100),
        LIMIT,
        0.1,
        Duration.ofMillis(200),
        exit,
        new WorkerProperties.Limits(1_000, Duration.ofSeconds(10)));
  }
}
