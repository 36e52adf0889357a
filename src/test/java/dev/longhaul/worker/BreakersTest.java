package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Waiting;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.PermanentFailureException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Circuit breakers: the jobs of a tool that keeps failing wait for a while. */
class BreakersTest {
  private static final BreakerPolicy FIVE = new BreakerPolicy(5, Duration.ofHours(1));

  private final WorkerFixture fixture = new WorkerFixture();
  private final AtomicInteger runs = new AtomicInteger();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Semaphore gate = new Semaphore(0);
  private volatile ToolHandler behaviour = _ -> failure();

  private final JobListener recorder =
      new JobListener() {
        @Override
        public void breakerOpened(String tool, Duration time) {
          heard.add("opened " + tool + " for " + time);
        }

        @Override
        public void breakerClosed(String tool) {
          heard.add("closed " + tool);
        }
      };

  @AfterEach
  void close() {
    gate.release(1_000);
    fixture.close();
  }

  @Test
  void afterFiveFailuresTheJobsOfTheToolWaitInEveryWorkerAndOthersDoNot() {
    RegisteredTools tools = fragile(FIVE);
    tools.register(Tools.queued("sound", _ -> Tools.text("")));
    fixture.start(tools, recorder);
    failTimes(5);
    fixture.startOther(tools, recorder);

    List<JobId> waiting = enqueue(20);
    waiting.forEach(this::waitForBreaker);
    fixture.waitFor(fixture.enqueue("sound", ONCE), JobState.COMPLETED);
    assertThat(runs).hasValue(5);
    assertThat(waiting)
        .allSatisfy(id -> {
          assertThat(fixture.job(id).state()).isEqualTo(JobState.QUEUED);
          assertThat(fixture.job(id).attempt()).isZero();
          assertThat(until(id)).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
        });
    assertThat(heard).containsExactly("opened fragile for PT1H");
  }

  @Test
  void oneJobTriesWhenTheTimeIsOverAndItsSuccessLetsTheOthersGo() {
    fixture.start(fragile(FIVE), recorder);
    failTimes(5);
    List<JobId> waiting = enqueue(10);
    waiting.forEach(this::waitForBreaker);

    var inside = new CountDownLatch(1);
    behaviour =
        _ -> {
          inside.countDown();
          gate.acquire();
          return Tools.text("");
        };
    timePasses();
    waitFor(inside);
    // The other nine jobs were examined, and none may run.
    await().atMost(LIMIT).until(() -> fixture.jobs.depths().heldBack() >= 9);
    assertThat(runs).hasValue(6);

    gate.release(10);
    waiting.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    assertThat(runs).hasValue(15);
    assertThat(heard).containsExactly("opened fragile for PT1H", "closed fragile");
  }

  @Test
  void aTryThatFailsMakesTheOthersWaitAgain() {
    fixture.start(fragile(FIVE), recorder);
    failTimes(5);
    List<JobId> waiting = enqueue(3);
    waiting.forEach(this::waitForBreaker);

    timePasses();
    fixture.waitFor(waiting.getFirst(), JobState.DEAD);
    await().atMost(LIMIT).until(() -> heard.size() == 2);
    JobId late = enqueue(1).getFirst();
    waitForBreaker(late);
    assertThat(until(late)).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    assertThat(runs).hasValue(6);
    assertThat(heard).containsExactly("opened fragile for PT1H", "opened fragile for PT1H");
  }

  @Test
  void whatOneWorkerFindsHoldsForTheOther() {
    RegisteredTools tools = fragile(FIVE);
    Worker first = fixture.start(tools, recorder);
    failTimes(5);
    first.stop();

    Worker second = fixture.startOther(tools, recorder);
    List<JobId> waiting = enqueue(2);
    waiting.forEach(this::waitForBreaker);
    behaviour = _ -> Tools.text("");
    timePasses();
    waiting.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    second.stop();

    // The first worker still counts the old failures; a job shows it that the breaker is closed,
    // and
    // it counts from zero.
    first.start();
    enqueue(2).forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
    behaviour = _ -> failure();
    failTimes(5);
    waitForBreaker(enqueue(1).getFirst());
    assertThat(heard)
        .containsExactly("opened fragile for PT1H", "closed fragile", "opened fragile for PT1H");
  }

  @Test
  void aSuccessBetweenFailuresKeepsTheBreakerClosed() {
    fixture.start(fragile(FIVE), recorder);
    for (int round = 0; round < 3; round++) {
      behaviour = _ -> failure();
      failTimes(4);
      behaviour = _ -> Tools.text("");
      fixture.waitFor(enqueue(1).getFirst(), JobState.COMPLETED);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsTheCallersFaultOrTheToolsOwnAnswerIsNoFailure() {
    fixture.start(fragile(FIVE), recorder);
    behaviour =
        _ -> {
          throw new PermanentFailureException("no such file");
        };
    enqueue(6).forEach(id -> fixture.waitFor(id, JobState.FAILED));
    behaviour = _ -> Tools.text("no").put("isError", true);
    enqueue(6).forEach(id -> fixture.waitFor(id, JobState.COMPLETED));

    behaviour = _ -> Tools.text("");
    fixture.waitFor(enqueue(1).getFirst(), JobState.COMPLETED);
    assertThat(heard).isEmpty();
  }

  @Test
  void timeOutsAreFailures() {
    fixture.start(fragile(new BreakerPolicy(2, Duration.ofHours(1))), recorder);
    behaviour =
        _ -> {
          new CountDownLatch(1).await();
          return Tools.text("");
        };
    for (int i = 0; i < 2; i++) {
      fixture.waitFor(fixture.enqueue("fragile", ONCE, Duration.ofMillis(100), i), JobState.FAILED);
    }
    waitForBreaker(enqueue(1).getFirst());
    assertThat(heard).containsExactly("opened fragile for PT1H");
  }

  @Test
  void aToolWithoutABreakerIsCalledHoweverOftenItFails() {
    fixture.start(fragile(new BreakerPolicy(0, Duration.ofHours(1))), recorder);
    failTimes(12);
    assertThat(runs).hasValue(12);
    assertThat(heard).isEmpty();
  }

  @Test
  void aBreakerThatIsOpenIsClosedWhereTheToolIsToHaveNone() {
    fixture.redis.otherWork().openBreaker("fragile", Duration.ofHours(1)).join();
    behaviour = _ -> Tools.text("");
    JobId id = enqueue(1).getFirst();
    fixture.start(fragile(new BreakerPolicy(0, Duration.ofHours(1))), recorder);
    fixture.waitFor(id, JobState.COMPLETED);
    assertThat(heard).containsExactly("closed fragile");
  }

  private static ObjectNode failure() throws IOException {
    throw new IOException("the other end is away");
  }

  private RegisteredTools fragile(BreakerPolicy breaker) {
    Tool plain =
        Tools.queued(
            "fragile",
            call -> {
              runs.incrementAndGet();
              return behaviour.call(call);
            });
    var policy = ToolPolicy.of(Execution.QUEUED, LIMIT).retry(ONCE).breaker(breaker).build();
    var tools = new RegisteredTools();
    tools.register(new Tool(plain.description(), policy, plain.handler()));
    return tools;
  }

  private List<JobId> enqueue(int count) {
    return IntStream.range(0, count).mapToObj(_ -> fixture.enqueue("fragile", ONCE)).toList();
  }

  private void failTimes(int count) {
    enqueue(count).forEach(id -> fixture.waitFor(id, JobState.DEAD));
  }

  private void waitForBreaker(JobId id) {
    await()
        .atMost(LIMIT)
        .until(() -> {
          Waiting waiting = fixture.job(id).waiting();
          return waiting != null && waiting.reason() == Waiting.Reason.BREAKER;
        });
  }

  private Instant until(JobId id) {
    return Objects.requireNonNull(Objects.requireNonNull(fixture.job(id).waiting()).until());
  }

  // The worker sleeps until the time given by Redis; any new job wakes it.
  private void timePasses() {
    fixture.redis.timePasses();
    fixture.enqueue("nobody's", ONCE);
  }
}
