package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.LocalJobs;
import dev.longhaul.job.LocalPools;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.HandOff;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the worker of this process: starts with the application, and on shutdown stops claiming,
 * lets running jobs finish, and gives back the rest.
 */
public final class Worker implements SmartLifecycle, LocalJobs, LocalPools, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LAST_REPORTS_LIMIT = Duration.ofSeconds(5);
  private static final long WATCHDOG_MILLIS = 500;

  private final WorkQueue queue;
  private final JobQueue jobs;
  private final Pools pools;
  private final Watchdog watchdog;
  private final StuckTools stuck;
  private final LeaseKeeper leases;
  private final Reaper reaper;
  private final ToolTimes times;
  private final RunningJobs running;
  private final AttemptPolicy policy;
  private final ToolCatalogue tools;
  private final WorkerProperties properties;
  private final ScheduledExecutorService timer;
  private final ComputingTools computing;
  private final AskingJobs asking;

  private @Nullable ScheduledExecutorService upkeep;
  private volatile @Nullable Watch subscription;
  private volatile boolean started;
  private @Nullable Watch handOff;

  Worker(
      WorkQueue queue,
      JobQueue jobs,
      Pools pools,
      Watchdog watchdog,
      StuckTools stuck,
      LeaseKeeper leases,
      Reaper reaper,
      ToolTimes times,
      RunningJobs running,
      AttemptPolicy policy,
      ToolCatalogue tools,
      WorkerProperties properties,
      ScheduledExecutorService timer,
      ComputingTools computing,
      AskingJobs asking) {
    this.queue = queue;
    this.jobs = jobs;
    this.pools = pools;
    this.watchdog = watchdog;
    this.stuck = stuck;
    this.leases = leases;
    this.reaper = reaper;
    this.times = times;
    this.running = running;
    this.policy = policy;
    this.tools = tools;
    this.properties = properties;
    this.timer = timer;
    this.computing = computing;
    this.asking = asking;
  }

  /** How many jobs this process has claimed. */
  public int runningJobs() {
    return running.count();
  }

  @Override
  public boolean runs(JobId id) {
    return running.find(id).isPresent();
  }

  @Override
  public Duration drain() {
    return properties.drain();
  }

  @Override
  public LocalPool open(String queue, int slots) {
    return pools.open(queue, slots);
  }

  /** How many jobs each pool of this process runs at once, by its name. */
  public Map<String, Integer> slots() {
    return pools.slots();
  }

  /** The names of the tools that ignore their interrupt in this process. */
  public Set<String> stuckTools() {
    return stuck.names();
  }

  /** How many jobs wait for an answer of their client. */
  public int askingJobs() {
    return asking.count();
  }

  @Override
  public synchronized void start() {
    reaper.afterRestart();
    var period = Threads.timer("longhaul-upkeep", 3);
    long renewal = queue.lease().toMillis() / 3;
    var _ = period.scheduleAtFixedRate(leases, renewal, renewal, TimeUnit.MILLISECONDS);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("subscribing to cancellations", this::subscribe),
            0,
            renewal,
            TimeUnit.MILLISECONDS);
    reaper.start(period, reapPeriod(queue.lease(), properties.reapInterval()));
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("storing run times of tools", times), 5, 5, TimeUnit.SECONDS);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("checking for jobs that make no progress", watchdog),
            WATCHDOG_MILLIS,
            WATCHDOG_MILLIS,
            TimeUnit.MILLISECONDS);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("checking for CPU-bound tools", computing), 1, 1, TimeUnit.SECONDS);
    upkeep = period;
    pools.start();
    started = true;
    handOff = jobs.handTo(this::place);
    UnservedTools.of(tools, pools.queues()).forEach(UnservedTools::warn);
  }

  @Override
  public synchronized void stop() {
    if (!started) {
      return;
    }
    if (handOff != null) {
      handOff.close();
    }
    pools.stopClaiming();
    started = false; // jobs stored from now on do not run here
    pools.stopWaiting();
    endParkedJobs();
    long end = System.nanoTime() + properties.drain().toNanos();
    try {
      awaitHandOffs();
      int before = running.count();
      if (before > 0) {
        log.info("Letting {} running jobs finish, for up to {}", before, properties.drain());
      }
      if (!awaitIdle(end)) {
        giveBackRemaining();
      }
      if (!pools.close(LAST_REPORTS_LIMIT)) {
        log.warn(
            "Some outcomes could not be reported; other workers take these jobs over when their leases expire");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (upkeep != null) {
      upkeep.shutdownNow();
    }
    Watch watches = subscription;
    if (watches != null) {
      watches.close();
      subscription = null; // a paused context can be started again
    }
    log.info("Worker stopped");
  }

  /**
   * How often expired leases are checked. If checks are more than half a lease apart, the queue
   * takes that for an outage, prolongs all leases and requeues nothing.
   */
  static Duration reapPeriod(Duration lease, Duration wanted) {
    Duration most = lease.dividedBy(3);
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  private Optional<HandOff.Place> place(JobRequest request) {
    Tool tool = request.tool() == null ? null : tools.runnable(request.tool()).orElse(null);
    if (tool == null) {
      return Optional.empty();
    }
    return pools.of(request.queue()).flatMap(loop -> loop.place(tool));
  }

  // Not in start(): the application must start although Redis is not available.
  private void subscribe() {
    if (subscription != null) {
      return;
    }
    List<Watch> watches = new ArrayList<>();
    try {
      watches.add(queue.onAnswer(this::answered));
      watches.add(queue.onCancel(leases::cancelled));
      watches.add(queue.onDeadline(reaper::reapIn));
      subscription = () -> watches.forEach(Watch::close);
    } catch (RuntimeException e) {
      watches.forEach(Watch::close); // otherwise each failed try would leave some open
      log.warn(
          "Cancellations cannot be received yet ({}); until then jobs learn of them when their leases"
              + " are renewed",
          e.getMessage());
    }
  }

  private void answered(JobId id) {
    running.find(id).flatMap(RunningJob::questions).ifPresent(JobQuestions::wake);
  }

  // Jobs whose storing has begun before the stop may run here: they count as running only when the
  // reply has come.
  private void awaitHandOffs() throws InterruptedException {
    long end = System.nanoTime() + LAST_REPORTS_LIMIT.toNanos();
    while (pools.hasOpenPlaces() && System.nanoTime() - end < 0) {
      Thread.sleep(5);
    }
  }

  // A job may wait for its client for an hour. Repeatable jobs are given back and ask again
  // elsewhere, where answers given until then are used; the others get the answer cancel.
  private void endParkedJobs() {
    for (RunningJob job : running.all()) {
      if (job.questions().filter(JobQuestions::parked).isEmpty()) {
        continue;
      }
      if (job.claim().retry().repeatable()) {
        giveBack(job);
      } else {
        job.questions().ifPresent(JobQuestions::giveUp);
      }
    }
  }

  private void giveBackRemaining() {
    var rest = running.all();
    log.info("Giving back {} jobs that did not finish in time", rest.size());
    rest.forEach(this::giveBack);
  }

  private void giveBack(RunningJob job) {
    // Before the interrupt: otherwise the job's thread could report first.
    boolean unreported = job.report();
    job.stop(Stop.LOST);
    if (unreported) {
      Partial partial = job.call().partial().orElse(null);
      // If it had already timed out, it counts as an attempt.
      boolean timedOut = job.call().stopped().equals(Optional.of(Stop.TIMED_OUT));
      Completion completion =
          timedOut
              ? policy.afterTimeout(job.claim(), job.call().isLast(), partial)
              : policy.afterDrain(job.claim(), partial);
      pools.report(new Report(job.claim(), completion, Duration.ZERO));
    }
  }

  // Polling is good enough: the drain lasts seconds and ends the process.
  private boolean awaitIdle(long end) throws InterruptedException {
    // Stuck tools are not waited for.
    while (!running.all().stream().allMatch(stuck::has)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      endParkedJobs(); // a tool may begin to ask during the drain
      Thread.sleep(20);
    }
    return true;
  }

  /** Unlike after {@link #stop}, the worker cannot start again. */
  @Override
  public void close() {
    stop();
    timer.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  /**
   * Starts last and stops first, except for the notice to held calls: results of jobs that finish
   * during the drain are still delivered.
   */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
