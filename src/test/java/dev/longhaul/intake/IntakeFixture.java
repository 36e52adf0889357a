package dev.longhaul.intake;

import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.CurrentTrace;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.Settings;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import dev.longhaul.thread.CoarseTimer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** The intake with a real queue, created as in the application; the tests act as workers. */
final class IntakeFixture implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final Caller ZOE = new Caller("zoe");
  static final Caller ANNA = new Caller("anna");

  /** The defaults without polling, so that changes are seen only by notifications. */
  static final IntakeProperties LIMITS =
      new IntakeProperties(
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofDays(7),
          Duration.ofDays(2),
          "50",
          null,
          LIMIT,
          256);

  static final AutoProperties AUTO = Settings.defaults(AutoProperties.class);

  /** There is none that a caller may name. */
  private static final QueueControl NO_QUEUES =
      (QueueControl)
          Proxy.newProxyInstance(
              QueueControl.class.getClassLoader(),
              new Class<?>[] {QueueControl.class},
              (_, _, _) -> List.of());

  final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());
  final JobQueue jobs;
  final WorkQueue work;
  final Intake intake;
  final QueueAdmin admin;

  IntakeFixture(List<IntakeListener> listeners, Tool... served) {
    redis.open();
    jobs = redis.jobs(1_000_000);
    work = redis.work();
    admin = redis.admin();
    intake = intake(jobs, work, AUTO, listeners, served);
  }

  static Intake intake(
      JobQueue jobs,
      WorkQueue work,
      AutoProperties auto,
      List<IntakeListener> listeners,
      Tool... served) {
    var tools = new RegisteredTools();
    List.of(served).forEach(tools::register);
    var beans = new DefaultListableBeanFactory();
    for (int i = 0; i < listeners.size(); i++) {
      beans.registerSingleton("listener" + i, listeners.get(i));
    }
    var configuration = new IntakeConfiguration();
    var timer = new CoarseTimer("test");
    return configuration.longhaulIntake(
        jobs,
        work,
        configuration.longhaulAdmission(
            tools,
            new ServedMethods(tools, new RegisteredPrimitives(), LIMIT, 100),
            beans.getBeanProvider(NotificationTerms.class),
            beans.getBeanProvider(CurrentTrace.class),
            NO_QUEUES,
            LIMITS,
            Clock.systemUTC(),
            Tools.JSON),
        new ToolRunner(Tools.JSON),
        new JobFollowers(jobs, LIMITS.pollInterval(), timer, Clock.systemUTC()),
        new NoFlows(),
        new NoCallCache(),
        beans.getBeanProvider(DelegatedTokens.class),
        beans.getBeanProvider(IntakeListener.class),
        LIMITS,
        auto,
        new RunTimes(jobs, Clock.systemUTC()),
        timer,
        Clock.systemUTC(),
        Tools.JSON);
  }

  /** The intake of another process. */
  Intake otherIntake(Tool... served) {
    return otherIntake(AUTO, served);
  }

  /** An intake with other bounds of inline execution. */
  Intake otherIntake(AutoProperties auto, Tool... served) {
    return intake(redis.jobs(1_000_000), redis.work(), auto, List.of(), served);
  }

  /** A plain call of a tool. */
  static Submission call(Caller caller, String tool) {
    return Submission.toolCall(caller, Tools.object("{}").put("name", tool));
  }

  Job submit(Caller caller, String tool) {
    return intake.submit(call(caller, tool));
  }

  /** Claims and starts the next job, as a worker does. */
  Claim start() {
    Claim claim = work.step(List.of(), List.of("default"), 1).join().claims().getFirst();
    work.start(List.of(claim)).join();
    return claim;
  }

  void finish(Claim claim) {
    finish(claim, new Outcome.Answered("{\"content\":[]}", false));
  }

  void fail(Claim claim) {
    finish(
        claim,
        new Outcome.GivenUp(new JobError(JobError.TOOL_FAILED, "IOException", "no", "wait"), null));
  }

  private void finish(Claim claim, Outcome outcome) {
    var completion = new Completion.Finished(claim.id(), claim.token(), outcome);
    work.step(List.of(completion), List.of("default"), 0).join();
  }

  Job waitFor(JobId id, JobState state) {
    await().atMost(LIMIT).until(() -> jobs.find(id).orElseThrow().state() == state);
    return jobs.find(id).orElseThrow();
  }

  @Override
  public void close() {
    redis.close();
  }
}
