package dev.longhaul.worker;

import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Workers on the real queue, created as in the application, with tools of the test. */
final class WorkerFixture implements AutoCloseable {
  private static final Duration INPUT_TTL = Duration.ofHours(1);

  /** The limit of waits: generous, for a busy machine. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  static final RetryPolicy ONCE = RetryPolicy.once();
  static final RetryPolicy REPEATABLE = new RetryPolicy(3, List.of(Duration.ofMillis(10)), true);

  final RedisQueueFixture redis;
  final JobQueue jobs;
  private final List<Worker> workers = new ArrayList<>();

  /** Counted down when a worker would end its process. */
  final CountDownLatch exited = new CountDownLatch(1);

  WorkerFixture() {
    this(TestRedis.url());
  }

  /** A fixture on a separate Redis. */
  WorkerFixture(String url) {
    this(TestRedis.namespace(), url, Duration.ofSeconds(15));
  }

  /** A fixture in a given namespace, to be shared with other processes, and with a given lease. */
  WorkerFixture(String namespace, String url, Duration lease) {
    this(namespace, url, lease, Duration.ofSeconds(30));
  }

  /** A fixture with a time-out of Redis commands. */
  WorkerFixture(String namespace, String url, Duration lease, Duration timeout) {
    redis = new RedisQueueFixture(namespace, url, 1, lease, timeout);
    redis.open();
    jobs = redis.jobs(1_000_000);
  }

  /** Settings with short times for drain and reaping. */
  static WorkerProperties settings(int concurrency, Duration drain) {
    return pools(
        drain,
        Map.of(
            "io",
            new PoolSettings(List.of("default"), concurrency, null),
            "cpu",
            new PoolSettings(null, 0, null)));
  }

  static WorkerProperties pools(Duration drain, Map<String, PoolSettings> pools) {
    return pools(drain, Duration.ofMillis(100), pools);
  }

  static WorkerProperties pools(
      Duration drain, Duration reapInterval, Map<String, PoolSettings> pools) {
    return new WorkerProperties(
        pools,
        drain,
        reapInterval,
        INPUT_TTL,
        0.1,
        Duration.ofSeconds(30),
        false,
        new WorkerProperties.Limits(1_000, Duration.ofSeconds(10)));
  }

  static RegisteredTools tools(String name, ToolHandler handler) {
    var tools = new RegisteredTools();
    tools.register(Tools.queued(name, handler));
    return tools;
  }

  /** Starts a worker of the first process. */
  Worker start(RegisteredTools tools, JobListener... listeners) {
    return start(redis.work(), tools, settings(10, LIMIT), listeners);
  }

  /** Starts a worker of the first process that also serves other methods. */
  Worker start(RegisteredPrimitives primitives, JobListener... listeners) {
    return start(redis.work(), new RegisteredTools(), primitives, settings(10, LIMIT), listeners);
  }

  /** Starts a worker of the second process that also serves other methods. */
  Worker startOther(RegisteredPrimitives primitives) {
    return start(redis.otherWork(), new RegisteredTools(), primitives, settings(10, LIMIT));
  }

  /** Starts a worker of the second process. */
  Worker startOther(RegisteredTools tools, JobListener... listeners) {
    return start(redis.otherWork(), tools, settings(10, LIMIT), listeners);
  }

  Worker start(
      WorkQueue queue, RegisteredTools tools, WorkerProperties settings, JobListener... listeners) {
    return start(queue, tools, new RegisteredPrimitives(), settings, listeners);
  }

  private Worker start(
      WorkQueue queue,
      RegisteredTools tools,
      RegisteredPrimitives primitives,
      WorkerProperties settings,
      JobListener... listeners) {
    var beans = new DefaultListableBeanFactory();
    for (int i = 0; i < listeners.length; i++) {
      beans.registerSingleton("listener" + i, listeners[i]);
    }
    Worker worker =
        WorkerConfiguration.worker(
            queue,
            jobs,
            redis.flows(1_000_000),
            tools,
            new ServedMethods(tools, primitives, LIMIT, 100),
            new ToolRunner(Tools.JSON),
            beans.getBeanProvider(JobListener.class),
            settings,
            Clock.systemUTC(),
            Tools.JSON,
            exited::countDown);
    workers.add(worker);
    worker.start();
    return worker;
  }

  JobId enqueue(String tool, RetryPolicy retry) {
    return enqueue(tool, retry, LIMIT, 0);
  }

  JobId enqueue(String tool, RetryPolicy retry, Duration timeout, int number) {
    return jobs.enqueue(List.of(request(tool, retry, timeout, number))).getFirst();
  }

  static JobRequest request(String tool, RetryPolicy retry, Duration timeout, int number) {
    return request("default", tool, retry, timeout, number);
  }

  static JobRequest request(
      String queue, String tool, RetryPolicy retry, Duration timeout, int number) {
    return new JobRequest(
        "tools/call",
        tool,
        "{\"name\":\"%s\",\"arguments\":{\"number\":%d}}".formatted(tool, number),
        "local",
        queue,
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        timeout,
        Duration.ofMinutes(30),
        retry,
        Map.of());
  }

  Job job(JobId id) {
    return jobs.find(id).orElseThrow();
  }

  Job waitFor(JobId id, JobState state) {
    await().atMost(LIMIT).until(() -> job(id).state() == state);
    return job(id);
  }

  /** Waits until all these jobs have ended; unknown ones are skipped. */
  void waitForTheEnd(Collection<JobId> ids) {
    Set<JobId> open = new HashSet<>(ids);
    await()
        .atMost(Duration.ofMinutes(5))
        .ignoreException(QueueUnavailableException.class)
        .until(() -> {
          open.removeIf(id -> jobs.find(id).map(job -> job.state().terminal()).orElse(true));
          return open.isEmpty();
        });
  }

  Outcome outcome(JobId id) {
    await().atMost(LIMIT).until(() -> jobs.outcome(id).isPresent());
    return jobs.outcome(id).orElseThrow();
  }

  static void waitFor(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("nothing happened within " + LIMIT);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    workers.reversed().forEach(Worker::stop);
    redis.close();
  }
}
