package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims jobs for one pool and passes them to the runner, on one platform thread. Under load one
 * round trip records the ended jobs and claims as many new ones. When the queues are empty, a
 * blocking claim waits for the next job on a separate connection, with its slots reserved.
 */
final class ClaimLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);
  private static final Duration IDLE_WAIT = Duration.ofSeconds(20);
  private static final Duration OTHER_WORKER_DELAY = Duration.ofSeconds(5);
  private static final long GATHER_NANOS = 300_000;
  private static final long RESPONSE_SECONDS = 30;
  private static final long MAX_BACKOFF_MILLIS = 500;

  private final WorkQueue queue;
  private final WorkQueue.Waiter waiter;
  private final CalledTools tools;
  private final StuckTools stuckTools;
  private final JobRunner runner;
  private final Reports reports;
  private final Pool pool;
  private final Executor threads;
  private final CpuSlots cpu;

  private final Supervised turns;
  private final LinkedBlockingQueue<Report> ended = new LinkedBlockingQueue<>();
  private final AtomicInteger used = new AtomicInteger();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean claiming = true;
  private volatile boolean closed;

  private final Slot slot =
      new Slot() {
        @Override
        public void release() {
          used.decrementAndGet();
          signal.release();
        }

        @Override
        public void take() {
          used.incrementAndGet();
        }
      };

  // Used by the loop's own thread only.
  private final List<Report> unsent = new ArrayList<>();
  private @Nullable CompletableFuture<StepAnswer> waiting;
  private int reserved;
  private boolean backlog = true;
  private @Nullable Duration nextDue;
  private int failures;

  /**
   * @param threads runs the pool's jobs, with at least as many threads as it has slots
   */
  ClaimLoop(
      WorkQueue queue,
      CalledTools tools,
      StuckTools stuckTools,
      JobRunner runner,
      Reports reports,
      Pool pool,
      Executor threads,
      CpuSlots cpu) {
    this.queue = queue;
    this.waiter = queue.newWaiter();
    this.tools = tools;
    this.stuckTools = stuckTools;
    this.runner = runner;
    this.reports = reports;
    this.pool = pool;
    this.turns = new Supervised("claims of pool " + pool.name());
    this.threads = threads;
    this.cpu = cpu;
  }

  Pool pool() {
    return pool;
  }

  /** Whether tools that do not stop keep all slots of the pool. */
  boolean stuck() {
    return stuckTools.in(slot) >= pool.concurrency();
  }

  /** How many of its slots are in use. */
  int used() {
    return used.get();
  }

  /** Wakes the loop, because a slot may be free. */
  void wake() {
    signal.release();
  }

  /** Queues a completion, which is sent with the next step. */
  void report(Report report) {
    ended.add(report);
    signal.release();
  }

  /** Must be called before each run; a stopped loop can run again. */
  void open() {
    claiming = true;
    closed = false;
    backlog = true;
  }

  /** Stops claiming; completions are still sent. */
  void stopClaiming() {
    claiming = false;
    signal.release();
  }

  /** Ends a blocking claim early. */
  void stopWaiting() {
    try {
      waiter.stop();
    } catch (RuntimeException e) {
      log.debug("The waiting claim of pool {} could not be ended early", pool.name(), e);
    }
  }

  /** Ends the loop once everything reported has been sent. */
  void close() {
    claiming = false;
    closed = true;
    signal.release();
  }

  @Override
  public void run() {
    while (!(closed && unsent.isEmpty() && ended.isEmpty() && waiting == null)) {
      try {
        turn();
        failures = 0;
        turns.worked();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | TimeoutException | Error e) {
        // Also for an Error: otherwise the worker would look alive but claim nothing more.
        if (!backOff(e)) {
          return;
        }
      }
    }
  }

  private void turn() throws InterruptedException, TimeoutException {
    if (takeWaiting()) {
      return; // the loop's condition is checked again, since the claim may have been the last
    }
    ended.drainTo(unsent, WorkQueue.MAX_BATCH - Math.min(unsent.size(), WorkQueue.MAX_BATCH));
    gather();
    // Negative while a job that released its slot during a question continues in addition.
    int elsewhere = cpu.isHome(this) ? cpu.takenElsewhere() : 0;
    int free = claiming ? Math.max(0, pool.concurrency() - used.get() - reserved - elsewhere) : 0;
    if (!unsent.isEmpty() || (free > 0 && backlog)) {
      step(Math.min(free, WorkQueue.MAX_BATCH));
    } else if (free > 0 && waiting == null) {
      waitForJobs(Math.min(free, WorkQueue.MAX_BATCH));
    } else {
      // The time limit only covers a lost signal.
      var _ = signal.tryAcquire(5, TimeUnit.SECONDS);
      signal.drainPermits();
    }
  }

  // Waits a moment for more completions to send in the same step. With a backlog of quick jobs this
  // saves most steps; with slow jobs the delay does not matter.
  private void gather() {
    int most = Math.min(pool.concurrency(), WorkQueue.MAX_BATCH);
    if (backlog && !unsent.isEmpty() && unsent.size() < most && used.get() > 0) {
      LockSupport.parkNanos(GATHER_NANOS);
      ended.drainTo(unsent, WorkQueue.MAX_BATCH - unsent.size());
    }
  }

  private void step(int claims) throws InterruptedException, TimeoutException {
    List<Report> batch = List.copyOf(unsent);
    List<Completion> completions = batch.stream().map(Report::completion).toList();
    StepAnswer answer = answer(queue.step(completions, pool.queues(), claims));
    unsent.clear();
    for (int i = 0; i < batch.size(); i++) {
      reports.recorded(batch.get(i), answer.accepted().get(i));
    }
    if (claims > 0) {
      take(answer);
    }
  }

  private void waitForJobs(int claims) {
    Duration wait =
        nextDue != null && nextDue.compareTo(IDLE_WAIT) < 0 ? nextDue.plusMillis(1) : IDLE_WAIT;
    CompletableFuture<StepAnswer> answer = waiter.claimWhenReady(pool.queues(), claims, wait);
    // After the call: if it throws, the slots stay free.
    reserved = claims;
    waiting = answer;
    // The loop checks the original future: the one that whenComplete returns completes after the
    // signal, so the loop would see it as not done and sleep.
    var _ = answer.whenComplete((arrived, failure) -> signal.release());
  }

  private boolean takeWaiting() throws InterruptedException, TimeoutException {
    CompletableFuture<StepAnswer> arrived = waiting;
    if (arrived != null && arrived.isDone()) {
      waiting = null;
      reserved = 0;
      take(answer(arrived));
      return true;
    }
    return false;
  }

  private void take(StepAnswer answer) {
    backlog = answer.more();
    nextDue = answer.nextDue();
    reports.vanished(answer.vanished());
    if (answer.claims().isEmpty()) {
      return;
    }
    List<Accepted> accepted =
        answer.claims().stream().flatMap(claim -> accept(claim).stream()).toList();
    CompletableFuture<Set<JobId>> started;
    try {
      started = start(accepted.stream().map(Accepted::claim).toList());
    } catch (RuntimeException | Error e) {
      accepted.stream().map(Accepted::slot).forEach(Slot::release);
      throw e;
    }
    for (Accepted job : accepted) {
      try {
        runner.launch(threads, job.claim(), job.tool(), started, this::report, job.slot());
      } catch (RuntimeException | Error e) {
        job.slot().release(); // it got no thread; its lease will expire
        throw e;
      }
    }
  }

  // The claim of a repeatable job has begun its attempt.
  private CompletableFuture<Set<JobId>> start(List<Claim> claims) {
    List<Claim> offers = claims.stream().filter(claim -> !claim.retry().repeatable()).toList();
    return offers.isEmpty() ? CompletableFuture.completedFuture(Set.of()) : queue.start(offers);
  }

  /** A claim that runs here, with its slot. */
  private record Accepted(Claim claim, Tool tool, Slot slot) {}

  private Optional<Accepted> accept(Claim claim) {
    Optional<Tool> tool = tools.of(claim);
    if (!claiming || tool.isEmpty() || isStuck(claim)) {
      giveBack(claim, tool.isPresent());
      return Optional.empty();
    }
    boolean home = cpu.isHome(this);
    // The pool of the queue cpu has a slot, unless a job of another queue took it since the claim.
    if (!cpu.isFor(tool.get()) || (home && cpu.fits(used.get()))) {
      used.incrementAndGet();
      return Optional.of(new Accepted(claim, tool.get(), slot));
    }
    if (home || !cpu.tryTake()) {
      Duration delay = cpu.offerAgain();
      log.debug(
          "Job {} waits for a slot of the queue cpu; it can be claimed again in {}",
          claim.id(),
          delay);
      giveBack(claim, delay);
      return Optional.empty();
    }
    return Optional.of(new Accepted(claim, tool.get(), cpu.elsewhere(signal::release)));
  }

  private boolean isStuck(Claim claim) {
    return claim.tool() != null && stuckTools.hasTool(claim.tool());
  }

  // Other processes may have other tools, during an upgrade or with other jars, and the tool may
  // not be stuck there.
  private void giveBack(Claim claim, boolean known) {
    boolean stuck = isStuck(claim);
    if (known && stuck) {
      log.warn(
          "Job {} calls {}, which ignores its interrupt in this worker; it is given back for"
              + " another worker and can be claimed again in {} s",
          claim.id(),
          CalledTools.name(claim),
          OTHER_WORKER_DELAY.toSeconds());
    } else if (!known) {
      log.warn(
          "Job {} calls {}, which this worker does not have; it is given back for another worker"
              + " and can be claimed again in {} s",
          claim.id(),
          CalledTools.name(claim),
          OTHER_WORKER_DELAY.toSeconds());
    }
    Duration delay = known && !stuck ? Duration.ZERO : OTHER_WORKER_DELAY;
    giveBack(claim, delay);
  }

  private void giveBack(Claim claim, Duration delay) {
    report(
        new Report(
            claim, new Completion.GivenBack(claim.id(), claim.token(), delay), Duration.ZERO));
  }

  private static StepAnswer answer(CompletableFuture<StepAnswer> step)
      throws InterruptedException, TimeoutException {
    try {
      return step.get(RESPONSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private boolean backOff(Throwable failure) {
    backlog = true; // always claim after a pause
    long bound = Math.min(MAX_BACKOFF_MILLIS, 100L << Math.min(failures, 3));
    failures++;
    long pause = ThreadLocalRandom.current().nextLong(bound / 2, bound + 1);
    turns.failed(failure);
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
