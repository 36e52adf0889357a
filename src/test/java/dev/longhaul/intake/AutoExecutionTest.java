package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.LIMIT;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Progress;
import dev.longhaul.job.Rate;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Settings;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.node.ObjectNode;

/** Calls of a tool with execution auto: inline or as jobs, with a real queue. */
class AutoExecutionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Longer than 10 ms counts as slow here. */
  private static final AutoProperties IMPATIENT =
      new AutoProperties(DataSize.ofKilobytes(10), Duration.ofMillis(10));

  private static final Tool[] SERVED = {
    auto("plain", null, Limits.NONE, _ -> Tools.text("")),
    auto("quick", Duration.ofMillis(1), Limits.NONE, _ -> pause()),
    auto("endless", Duration.ofMillis(1), Limits.NONE, _ -> forever()),
    auto("edge", Duration.ofSeconds(5), Limits.NONE, _ -> Tools.text("")),
    auto("slow", Duration.ofMillis(5001), Limits.NONE, _ -> Tools.text("")),
    auto("hour", HOUR, Limits.NONE, _ -> Tools.text("")),
    auto("narrow", null, new Limits(1, null, null), _ -> Tools.text("")),
    auto("rare", null, new Limits(null, Rate.parse("9/s").orElseThrow(), null), _ -> pause())
  };

  private final IntakeFixture fixture = new IntakeFixture(List.of(), SERVED);

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Tool auto(
      String name, @Nullable Duration estimate, Limits limits, ToolHandler handler) {
    Tool plain = Tools.queued(name, handler);
    var policy =
        ToolPolicy.of(
                Execution.AUTO,
                name.equals("endless") ? Duration.ofMillis(30) : Duration.ofMinutes(1))
            .priority(plain.policy().priority())
            .limits(limits)
            .build();
    return new Tool(
        plain.description(),
        estimate == null
            ? policy
            : policy.but().times(new ToolPolicy.Times(null, null, estimate)).build(),
        handler);
  }

  /** Takes at least 30 ms, which counts as slow on any machine. */
  private static ObjectNode pause() throws InterruptedException {
    Thread.sleep(30);
    return Tools.text("");
  }

  private static ObjectNode forever() throws InterruptedException {
    new CountDownLatch(1).await();
    return Tools.text("");
  }

  @Test
  void theDefaultsAreThoseOfTheManual() {
    assertThat(Settings.defaults(AutoProperties.class))
        .isEqualTo(new AutoProperties(DataSize.ofBytes(10_240), Duration.ofSeconds(5)));
    assertThat(
            Settings.of(
                AutoProperties.class,
                Map.of("longhaul.auto.argument-size", "1MB", "longhaul.auto.average-time", "90s")))
        .isEqualTo(new AutoProperties(DataSize.ofMegabytes(1), Duration.ofSeconds(90)));
  }

  @Test
  void withoutHistoryTheEstimateDecides() {
    assertThat(where(fixture.intake, "plain")).isEqualTo(Execution.INLINE);
    assertThat(where(fixture.intake, "edge")).isEqualTo(Execution.INLINE);
    assertThat(where(fixture.intake, "slow")).isEqualTo(Execution.QUEUED);
  }

  @Test
  void largeArgumentsMakeAJob() {
    // {"t":"…"} is 8 bytes and the text; an é is two bytes.
    assertThat(where("plain", "{\"t\" : \"" + "x".repeat(10_232) + "\" }"))
        .isEqualTo(Execution.INLINE);
    assertThat(where("plain", "{\"t\":\"" + "x".repeat(10_233) + "\"}"))
        .isEqualTo(Execution.QUEUED);
    assertThat(where("plain", "{\"t\":\"" + "é".repeat(5_116) + "\"}")).isEqualTo(Execution.INLINE);
    assertThat(where("plain", "{\"t\":\"" + "é".repeat(5_117) + "\"}")).isEqualTo(Execution.QUEUED);
    assertThat(where("plain", "null")).isEqualTo(Execution.INLINE);
  }

  static List<JobOptions.Builder> whatOnlyJobsHave() {
    return List.of(
        JobOptions.builder().held(true),
        JobOptions.builder().delay(Duration.ofSeconds(1)),
        JobOptions.builder().runAt(Instant.EPOCH),
        JobOptions.builder().idempotencyKey("k"),
        JobOptions.builder().deadline(HOUR),
        JobOptions.builder().retryUntil(Instant.MAX),
        JobOptions.builder().maxAttempts(2),
        JobOptions.builder().backoff(List.of(HOUR)),
        JobOptions.builder().concurrency(1),
        JobOptions.builder().rate(Rate.parse("1/s").orElseThrow()));
  }

  @ParameterizedTest
  @MethodSource("whatOnlyJobsHave")
  void whoAsksForWhatOnlyAJobHasGetsAJob(JobOptions.Builder options) {
    var call = IntakeFixture.call(ZOE, "plain").with(options.build());
    assertThat(fixture.intake.execution(call)).isEqualTo(Execution.QUEUED);
  }

  @Test
  void whatMakesNoDifferenceMakesNoJob() {
    var options =
        JobOptions.builder()
            .delay(Duration.ZERO)
            .timeout(Duration.ofSeconds(1))
            .metadata(Map.of("ticket", "4711"))
            .build();
    var call = IntakeFixture.call(ZOE, "plain").with(options);
    assertThat(fixture.intake.execution(call)).isEqualTo(Execution.INLINE);
  }

  @Test
  void aToolWhoseCallsAreCountedIsAlwaysQueued() {
    assertThat(where(fixture.intake, "narrow")).isEqualTo(Execution.QUEUED);
    assertThat(where(fixture.intake, "rare")).isEqualTo(Execution.QUEUED);
  }

  @Test
  void theHistoryOfAllProcessesReplacesTheEstimate() {
    fixture.work.recordTimes("plain", 1, 6_000).join();
    fixture.work.recordTimes("hour", 1, 20).join();
    Intake other = fixture.otherIntake(SERVED);
    await().atMost(LIMIT).until(() -> where(other, "plain") == Execution.QUEUED);
    await().atMost(LIMIT).until(() -> where(other, "hour") == Execution.INLINE);

    fixture.work.recordTimes("hour", 10_000, 10_000 * 6_000L).join();
    await().atMost(LIMIT).until(() -> where(other, "hour") == Execution.QUEUED);
  }

  @Test
  void anInlineRunIsHistoryForEveryProcessAndStillNoJob() {
    Intake one = fixture.otherIntake(IMPATIENT, SERVED);
    Intake other = fixture.otherIntake(IMPATIENT, SERVED);
    assertThat(where(one, "quick")).isEqualTo(Execution.INLINE);
    assertThat(where(other, "quick")).isEqualTo(Execution.INLINE);

    run(one, "quick");

    await().atMost(LIMIT).until(() -> where(one, "quick") == Execution.QUEUED);
    await().atMost(LIMIT).until(() -> where(other, "quick") == Execution.QUEUED);
    assertThat(one.list(ZOE, null, null, null, 10).jobs()).isEmpty();
  }

  @Test
  void aToolThatAlwaysRunsIntoItsTimeOutDoesNotCountAsQuick() {
    Intake impatient = fixture.otherIntake(IMPATIENT, SERVED);
    assertThat(where(impatient, "endless")).isEqualTo(Execution.INLINE);
    run(impatient, "endless");
    await().atMost(LIMIT).until(() -> where(impatient, "endless") == Execution.QUEUED);
  }

  @Test
  void nobodyWaitsForTheHistory() {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    fixture.work.recordTimes("plain", 1, 6_000).join();
    JobQueue stuck =
        standIn(
            JobQueue.class,
            fixture.jobs,
            "averageTime",
            () -> {
              asked.countDown();
              answer.await();
            });
    Intake intake =
        IntakeFixture.intake(stuck, fixture.work, IntakeFixture.AUTO, List.of(), SERVED);
    assertThat(where(intake, "plain")).isEqualTo(Execution.INLINE);
    await().atMost(LIMIT).until(() -> asked.getCount() == 0);
    assertThat(where(intake, "plain")).isEqualTo(Execution.INLINE);
    answer.countDown();
    await().atMost(LIMIT).until(() -> where(intake, "plain") == Execution.QUEUED);
  }

  @Test
  void runsThatCannotBeWrittenAreWrittenTheNextTime() throws InterruptedException {
    BlockingQueue<Object> counts = new LinkedBlockingQueue<>();
    var refusals = new AtomicInteger(1);
    InvocationHandler writes =
        (_, method, args) -> {
          if (method.getName().equals("recordTimes") && args != null) {
            counts.add(args[1]);
            if (refusals.getAndDecrement() > 0) {
              return CompletableFuture.failedFuture(new IllegalStateException("Redis is away"));
            }
          }
          return invoke(fixture.work, method, args);
        };
    WorkQueue flaky = proxy(WorkQueue.class, writes);
    Intake intake =
        IntakeFixture.intake(fixture.jobs, flaky, IntakeFixture.AUTO, List.of(), SERVED);
    run(intake, "quick");
    assertThat(counts.poll(60, TimeUnit.SECONDS)).isEqualTo(1L);
    await()
        .atMost(LIMIT)
        .until(() -> {
          run(intake, "quick");
          Object next = counts.poll();
          return next instanceof Long runs && runs >= 2;
        });
    await().atMost(LIMIT).until(() -> fixture.jobs.averageTime("quick").isPresent());
  }

  @Test
  void withoutHistoryTheEstimateSaysWhenAJobMayEnd() {
    Job job = fixture.submit(ZOE, "hour");
    assertThat(fixture.intake.estimatedCompletion(job))
        .contains(job.times().createdAt().plus(HOUR));

    fixture.work.recordTimes("hour", 1, 7_200_000).join();
    assertThat(fixture.otherIntake(SERVED).estimatedCompletion(job))
        .contains(job.times().createdAt().plus(HOUR).plus(HOUR));
  }

  @Test
  void theProgressOfAJobSaysWhenItMayEndWhateverTheHistorySays() {
    Job job = fixture.submit(ZOE, "hour");
    var claim = fixture.start();
    fixture.work.progress(claim.id(), claim.token(), new Progress(0.5, null)).join();
    Job running = fixture.intake.job(ZOE, job.id());
    Instant end = fixture.intake.estimatedCompletion(running).orElseThrow();
    Instant now = Instant.now();
    Duration elapsed = Duration.between(running.times().startedAt(), now);
    assertThat(end).isBetween(running.times().startedAt(), now.plus(elapsed));
  }

  @Test
  void whatTakesLongerThanItUsuallyDoesHasNoExpectedEnd() {
    Job job = fixture.submit(ZOE, "quick");
    await().atMost(LIMIT).until(() -> fixture.intake.estimatedCompletion(job).isEmpty());
    assertThat(fixture.otherIntake().estimatedCompletion(fixture.submit(ZOE, "hour"))).isEmpty();
  }

  private Execution where(String tool, String arguments) {
    var params = Tools.object("{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    return fixture.intake.execution(Submission.toolCall(ZOE, params));
  }

  private static Execution where(Intake intake, String tool) {
    return intake.execution(IntakeFixture.call(ZOE, tool));
  }

  private static void run(Intake intake, String tool) {
    intake.runInline(
        IntakeFixture.call(ZOE, tool),
        new CallIntake.InlineListener() {
          @Override
          public void progress(double progress, @Nullable Double total, @Nullable String message) {}

          @Override
          public void log(JobLog log) {}

          @Override
          public boolean cancelled() {
            return false;
          }
        });
  }

  @FunctionalInterface
  private interface Before {
    void run() throws InterruptedException;
  }

  /** The real object, with an action before each call of one method. */
  private static <T> T standIn(Class<T> type, T real, String method, Before before) {
    return proxy(
        type,
        (_, called, args) -> {
          if (called.getName().equals(method)) {
            before.run();
          }
          return invoke(real, called, args);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
