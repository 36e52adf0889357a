package dev.longhaul.worker;

import dev.longhaul.catalog.RunningCall.Stop;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.JobId;
import dev.longhaul.job.LocalJobs;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The worker of this process: starts with the application, and on shutdown stops claiming, lets
 * running jobs finish, and gives back the rest.
 */
public final class Worker implements SmartLifecycle, LocalJobs, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 500;

  private final WorkQueue queue;
  private final List<ClaimLoop> loops;
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
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Watch cancels;
  private volatile boolean started;

  Worker(
      WorkQueue queue,
      List<ClaimLoop> loops,
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
    this.loops = List.copyOf(loops);
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

  /** How many jobs this process holds now. */
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

  /** The names of tools that ignore their interrupt in this process now. */
  public Set<String> stuckTools() {
    return stuck.names();
  }

  /** How many of them wait for an answer of their client. */
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
            Supervised.repeated("hearing of cancels", this::hearOfCancels),
            0,
            renewal,
            TimeUnit.MILLISECONDS);
    reaper.start(period, reapPeriod(queue.lease(), properties.reapInterval()));
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("storing how long tools take", times), 5, 5, TimeUnit.SECONDS);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("looking for tools that do not stop", watchdog),
            LOOK_MILLIS,
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
    var _ =
        period.scheduleWithFixedDelay(
            Supervised.repeated("looking for tools that compute", computing),
            1,
            1,
            TimeUnit.SECONDS);
    upkeep = period;
    for (ClaimLoop loop : loops) {
      loop.open();
      threads.add(Threads.lasting("longhaul-claims-" + loop.pool().name(), loop));
      log.info("Working in pool {}", loop.pool());
    }
    started = true;
    UnservedTools.of(tools, properties.queues()).forEach(UnservedTools::warn);
  }

  @Override
  public synchronized void stop() {
    if (!started) {
      return;
    }
    loops.forEach(ClaimLoop::stopClaiming);
    started = false; // what is stored from now on is not run here
    loops.forEach(ClaimLoop::stopWaiting);
    parkedToEnd();
    int before = running.count();
    if (before > 0) {
      log.info("Letting {} running jobs finish, for up to {}", before, properties.drain());
    }
    try {
      if (!idle(properties.drain())) {
        giveBackTheRest();
      }
      loops.forEach(ClaimLoop::close);
      if (!ended()) {
        threads.forEach(Thread::interrupt);
        log.warn("Not everything could be reported; what is missing is taken over after its lease");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.clear();
    if (upkeep != null) {
      upkeep.shutdownNow();
    }
    Watch hearing = cancels;
    if (hearing != null) {
      hearing.close();
      cancels = null; // a paused context starts again
    }
    log.info("Worker stopped");
  }

  /**
   * How often leases are looked through. Reaps further apart than half a lease look like an outage,
   * which prolongs every lease and takes nothing back.
   */
  static Duration reapPeriod(Duration lease, Duration wanted) {
    Duration most = lease.dividedBy(3);
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  // Not in start(): a Redis that is away for the moment must not keep the host from starting.
  private void hearOfCancels() {
    if (cancels != null) {
      return;
    }
    List<Watch> hearing = new ArrayList<>();
    try {
      hearing.add(queue.onAnswer(this::answered));
      hearing.add(queue.onCancel(leases::cancelled));
      hearing.add(queue.onDeadline(reaper::lookIn));
      cancels = () -> hearing.forEach(Watch::close);
    } catch (RuntimeException e) {
      hearing.forEach(Watch::close); // else each try that fails would leave some behind
      log.warn(
          "Cancels cannot be heard of yet ({}); until then the renewal of leases tells of them",
          e.getMessage());
    }
  }

  private void answered(JobId id) {
    running.find(id).flatMap(RunningJob::questions).ifPresent(JobQuestions::wake);
  }

  // Said again and again, because a loop may have begun to wait just after it was told to stop.
  private boolean ended() throws InterruptedException {
    long end = System.nanoTime() + LAST_WORDS.toNanos();
    for (Thread claims : threads) {
      while (!claims.join(Duration.ofMillis(50))) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        loops.forEach(ClaimLoop::stopWaiting);
      }
    }
    return true;
  }

  // Who waits for a client may wait for an hour. What may be repeated asks again elsewhere, and has
  // the answers given until then at once; the others get the answer of a user who left.
  private void parkedToEnd() {
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

  private void giveBackTheRest() {
    var rest = running.all();
    log.info("Giving back {} jobs that did not finish in time", rest.size());
    rest.forEach(this::giveBack);
  }

  private void giveBack(RunningJob job) {
    // Before the tool is stopped: its thread must not come first and drop the job.
    boolean unreported = job.report();
    job.stop(Stop.LOST);
    if (unreported) {
      Partial partial = job.call().partial().orElse(null);
      // Its time was over already: that was an attempt.
      boolean timedOut = job.call().stopped().equals(Optional.of(Stop.TIMED_OUT));
      Completion completion =
          timedOut
              ? policy.afterTimeout(job.claim(), partial)
              : policy.afterDrain(job.claim(), partial);
      // Any loop may say it.
      loops.getFirst().report(new Report(job.claim(), completion, Duration.ZERO));
    }
  }

  // Asking now and then is simplest here: the drain is seconds long and ends the process.
  private boolean idle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    // Nobody waits for tools that do not stop.
    while (!running.all().stream().allMatch(stuck::has)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      parkedToEnd(); // a tool may ask only now
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
   * Starts last and stops first, but for the notice to those who wait for its jobs: the front doors
   * still deliver what finishes during the drain.
   */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
