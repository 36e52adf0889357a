package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.pools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several pools in one process, each with separate queues, slots and threads. */
class PoolsTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final WorkerFixture fixture = new WorkerFixture();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicBoolean enough = new AtomicBoolean();

  @AfterEach
  void close() {
    enough.set(true);
    gate.release(1_000);
    fixture.close();
  }

  @Test
  void jobsRunOnPlatformThreadsWhateverTheirQueue() {
    var tools =
        WorkerFixture.tools(
            "where", _ -> Tools.text("virtual: " + Thread.currentThread().isVirtual()));
    start(tools, Map.of());

    assertThat(text(enqueue("cpu", "where"))).contains("virtual: false");
    assertThat(text(enqueue("default", "where"))).contains("virtual: false");
    assertThat(text(enqueue("io", "where"))).contains("virtual: false");
  }

  @Test
  void aFullCpuPoolDoesNotKeepIoJobsWaiting() {
    var inside = new CountDownLatch(2);
    var tools = held(inside);
    tools.register(Tools.queued("quick", _ -> Tools.text("")));
    start(tools, Map.of("cpu", new PoolSettings(null, 2, null)));
    List<JobId> held = IntStream.range(0, 4).mapToObj(_ -> enqueue("cpu", "held")).toList();
    waitFor(inside);

    for (int i = 0; i < 20; i++) {
      fixture.waitFor(enqueue("default", "quick"), JobState.COMPLETED);
    }
    assertThat(held.stream().filter(id -> fixture.job(id).state() == JobState.QUEUED)).hasSize(2);
    gate.release(4);
    held.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
  }

  @Test
  void toolsThatComputeInTheCpuPoolLeaveTheVirtualThreadsToTheOthers() {
    var inside = new CountDownLatch(PROCESSORS);
    RegisteredTools tools = spinning(inside);
    tools.register(Tools.queued("quick", _ -> Tools.text("")));
    start(tools, Map.of());
    List<JobId> spinning =
        IntStream.range(0, PROCESSORS).mapToObj(_ -> enqueue("cpu", "spin")).toList();
    waitFor(inside);

    fixture.waitFor(enqueue("default", "quick"), JobState.COMPLETED);
    enough.set(true);
    spinning.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
  }

  @Test
  void toolsThatComputeInAnyPoolDoNotStopTheHeartbeatOrACancel() {
    var inside = new CountDownLatch(PROCESSORS);
    var watched = new WatchedQueue(fixture.redis.work());
    fixture.start(watched.queue, spinning(inside), WorkerFixture.settings(PROCESSORS, LIMIT));
    List<JobId> spinning =
        IntStream.range(0, PROCESSORS).mapToObj(_ -> enqueue("default", "spin")).toList();
    waitFor(inside);

    int before = watched.renewals.get();
    await().atMost(LIMIT).until(() -> watched.renewals.get() > before + 3);
    fixture.jobs.cancel(spinning.getFirst());
    // The cancelled tool ends, and another job gets its slot.
    fixture.waitFor(enqueue("default", "spin"), JobState.RUNNING);
    enough.set(true);
    spinning.stream().skip(1).forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
  }

  @Test
  void aToolThatComputesTakesASlotOfCpuWhicheverQueueItsCallerNamed() {
    var inside = new CountDownLatch(1);
    RegisteredTools tools = new RegisteredTools();
    tools.register(inQueue("held", "cpu", Execution.QUEUED, heldBy(inside)));
    tools.register(Tools.queued("quick", _ -> Tools.text("")));
    start(tools, Map.of("cpu", new PoolSettings(null, 1, null)));
    JobId first = enqueue("default", "held");
    waitFor(inside);

    List<JobId> others = List.of(enqueue("cpu", "held"), enqueue("io", "held"));
    for (int i = 0; i < 20; i++) {
      fixture.waitFor(enqueue("default", "quick"), JobState.COMPLETED);
    }
    assertThat(others)
        .allSatisfy(id -> assertThat(fixture.job(id).state()).isNotEqualTo(JobState.RUNNING));

    gate.release(3);
    fixture.waitFor(first, JobState.COMPLETED);
    others.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
  }

  @Test
  void aToolSeenComputingIsNamedAndItsLaterJobsTakeSlotsOfCpu() {
    var named = new LinkedBlockingQueue<String>();
    var inside = new CountDownLatch(1);
    var settings =
        new WorkerProperties(
            Map.of("cpu", new PoolSettings(null, 1, null)),
            LIMIT,
            Duration.ofMillis(100),
            LIMIT,
            0.1,
            LIMIT,
            false,
            new WorkerProperties.Limits(1_000, Duration.ofMillis(100)));
    RegisteredTools tools = spinning(inside);
    tools.register(inQueue("held", "cpu", Execution.QUEUED, heldBy(new CountDownLatch(1))));
    fixture.start(
        fixture.redis.work(),
        tools,
        settings,
        new JobListener() {
          @Override
          public void computing(String tool) {
            named.add(tool);
          }
        });
    JobId spinning = enqueue("default", "spin");
    waitFor(inside);
    await().atMost(LIMIT).until(() -> named.contains("spin"));

    JobId inTheSlot = enqueue("cpu", "held");
    fixture.waitFor(inTheSlot, JobState.RUNNING);
    JobId later = enqueue("default", "spin");
    enough.set(true);
    fixture.waitFor(spinning, JobState.COMPLETED);
    assertThat(fixture.job(later).state().terminal()).isFalse();
    gate.release(1);
    fixture.waitFor(inTheSlot, JobState.COMPLETED);
    fixture.waitFor(later, JobState.COMPLETED);
    assertThat(named).containsExactly("spin");
  }

  @Test
  void aStopLetsTheJobsOfEveryPoolFinish() throws InterruptedException {
    var inside = new CountDownLatch(2);
    Worker worker = start(held(inside), Map.of());
    JobId io = enqueue("default", "held");
    JobId cpu = enqueue("cpu", "held");
    waitFor(inside);

    Thread stopping = Thread.ofPlatform().start(worker::stop);
    await().atMost(LIMIT).until(() -> !worker.isRunning());
    List<JobId> late = List.of(enqueue("default", "held"), enqueue("cpu", "held"));
    gate.release(2);
    assertThat(stopping.join(LIMIT)).isTrue();

    assertThat(fixture.job(io).state()).isEqualTo(JobState.COMPLETED);
    assertThat(fixture.job(cpu).state()).isEqualTo(JobState.COMPLETED);
    assertThat(late).allSatisfy(id -> assertThat(fixture.job(id).attempt()).isZero());

    worker.start();
    gate.release(2);
    late.forEach(id -> fixture.waitFor(id, JobState.COMPLETED));
  }

  @Test
  void aStopGivesBackTheJobsOfEveryPoolThatDoNotFinish() {
    var inside = new CountDownLatch(2);
    Worker worker =
        fixture.start(fixture.redis.work(), held(inside), pools(Duration.ZERO, Map.of()));
    List<JobId> ids = List.of(enqueue("default", "held"), enqueue("cpu", "held"));
    waitFor(inside);

    worker.stop();
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(fixture.job(id).state()).isIn(JobState.QUEUED, JobState.SCHEDULED));
  }

  @Test
  void aToolWhoseQueueNobodyServesIsFound() {
    var tools = new RegisteredTools();
    tools.register(inQueue("served", "cpu", Execution.QUEUED));
    tools.register(inQueue("misspelt", "cpus", Execution.QUEUED));
    tools.register(inQueue("inline", "cpus", Execution.INLINE));

    assertThat(UnservedTools.of(tools, Set.of("default", "io", "cpu")))
        .extracting(Tool::name)
        .containsExactly("misspelt");
  }

  private Worker start(RegisteredTools tools, Map<String, PoolSettings> configured) {
    return fixture.start(fixture.redis.work(), tools, pools(LIMIT, configured));
  }

  private JobId enqueue(String queue, String tool) {
    var retry = tool.equals("where") ? ONCE : REPEATABLE;
    return fixture
        .jobs
        .enqueue(List.of(WorkerFixture.request(queue, tool, retry, LIMIT, 0)))
        .getFirst();
  }

  private String text(JobId id) {
    return fixture.outcome(id) instanceof Outcome.Answered answered ? answered.json() : "";
  }

  private RegisteredTools held(CountDownLatch inside) {
    return WorkerFixture.tools("held", heldBy(inside));
  }

  private ToolHandler heldBy(CountDownLatch inside) {
    return _ -> {
      inside.countDown();
      gate.acquire();
      return Tools.text("");
    };
  }

  private RegisteredTools spinning(CountDownLatch inside) {
    return WorkerFixture.tools(
        "spin",
        _ -> {
          inside.countDown();
          while (!enough.get() && !JobContext.current().cancelled()) {
            Thread.onSpinWait();
          }
          return Tools.text("");
        });
  }

  private static Tool inQueue(String name, String queue, Execution execution) {
    return inQueue(name, queue, execution, _ -> Tools.text(""));
  }

  private static Tool inQueue(String name, String queue, Execution execution, ToolHandler handler) {
    Tool plain = Tools.queued(name, handler);
    var policy = ToolPolicy.of(execution, LIMIT).queue(queue).retry(plain.policy().retry()).build();
    return new Tool(plain.description(), policy, plain.handler());
  }
}
