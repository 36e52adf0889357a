package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueProperties;
import dev.longhaul.testsupport.TestClock;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Longhaul's queue without Redis, for tests: all its ports on one set of jobs in this process. It
 * does what the queue on Redis does (both pass the same contract suite) and forgets everything when
 * it is let go.
 *
 * <p>With a {@link TestClock} nothing waits: a delay, a backoff, a limit or a time to live is over
 * when the test has moved the clock past it. Moving the clock never costs a worker its lease;
 * {@link #loseWorkers} does.
 */
public final class InMemoryQueue {
  private final Store store;
  private final Upkeep upkeep;
  private final RunTimesTable times = new RunTimesTable();
  private final RememberedCalls remembered = new RememberedCalls();
  private final WorkQueue work;
  private final QueueAdmin admin;
  private final AnswerStore answers;

  /** With the system's time and the limits that Longhaul has by default. */
  public InMemoryQueue() {
    this(Clock.systemUTC());
  }

  /**
   * With the limits that Longhaul has by default.
   *
   * @param clock a {@link TestClock} to let time pass at will
   */
  public InMemoryQueue(Clock clock) {
    this(clock, defaults());
  }

  private InMemoryQueue(Clock clock, Binder defaults) {
    this(
        clock,
        defaults.bindOrCreate("longhaul", RedisQueueProperties.class).queue(),
        defaults.bindOrCreate("longhaul.results", ResultProperties.class),
        defaults.bindOrCreate("longhaul.flows", FlowProperties.class));
  }

  /**
   * With limits of your own.
   *
   * @param limits as {@code longhaul.queue.*}
   * @param results as {@code longhaul.results.*}
   * @param flows as {@code longhaul.flows.*}
   */
  public InMemoryQueue(
      Clock clock,
      RedisQueueProperties.Queue limits,
      ResultProperties results,
      FlowProperties flows) {
    this.store = new Store(clock, limits, results, flows);
    this.upkeep = new Upkeep(store);
    this.work = new MemoryWork(store, new Claims(store), upkeep, times);
    this.admin = new MemoryAdmin(store, upkeep);
    this.answers = new MemoryAnswers(clock);
    if (clock instanceof TestClock moved) {
      moved.onAdvance(this::look);
    }
  }

  private static Binder defaults() {
    return new Binder(List.of());
  }

  // What waits may be due now.
  private void look() {
    var _ =
        store.locked(() -> {
          store.lines.wakeEveryone();
          return true;
        });
  }

  /** The front doors' side. */
  public JobQueue jobs() {
    return jobs(store.rules.maxLength());
  }

  JobQueue jobs(int maxLength) {
    return new MemoryJobs(store, upkeep, times, remembered, maxLength);
  }

  /** The workers' side. */
  public WorkQueue work() {
    return work;
  }

  /** Batches and chains. */
  public FlowQueue flows() {
    return flows(store.rules.maxLength());
  }

  FlowQueue flows(int maxLength) {
    return new MemoryFlows(store, maxLength);
  }

  /** The operator's side. */
  public QueueAdmin admin() {
    return admin;
  }

  /** What is told of jobs, batches and chains that have ended. */
  public NotificationQueue notifications() {
    return new MemoryNotifications(store);
  }

  /** Answers that are kept for a while. */
  public AnswerStore answers() {
    return answers;
  }

  /**
   * As if every worker had been lost: the next reap gives their jobs back to the line, or ends
   * those that may not be repeated. A worker that does live and renews in time keeps its jobs.
   */
  public void loseWorkers() {
    var _ =
        store.locked(() -> {
          store.leases.expireAll();
          return true;
        });
  }

  /** As if every process that waits for jobs had been lost: the next reap cancels their jobs. */
  public void loseClients() {
    var _ =
        store.locked(() -> {
          upkeep.expireAttendance();
          return true;
        });
  }
}
