package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.HandOff;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims jobs for one pool and passes them to the runner, on one platform thread. Under load one
 * round trip records the ended jobs and claims as many new ones. When the queues are empty, a
 * blocking claim waits for the next job on a separate connection, with its slots reserved.
 */
final class ClaimLoop implements Runnable, Completions {
  private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);
  private static final Duration IDLE_WAIT = Duration.ofSeconds(20);
  private static final Duration OTHER_WORKER_DELAY = Duration.ofSeconds(5);

  /**
   * How many steps may be under way at once: Redis works on one while the jobs of the other run.
   */
  private static final int STEPS = 2;

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
  private final Slots slots;
  private final int fullStep;
  private final Semaphore signal = new Semaphore(0);
  private final AtomicInteger openPlaces = new AtomicInteger();
  private final AtomicBoolean stepElsewhere = new AtomicBoolean();
  private volatile boolean claiming = true;
  private volatile boolean closed;
  private volatile boolean over;
  private volatile @Nullable ClaimLoop successor;
  private volatile int underWay;

  private final Slot slot =
      new Slot() {
        @Override
        public void release() {
          slots.release();
          if (backlog || !waits) {
            nudge();
          }
        }

        @Override
        public void take() {
          slots.use();
        }
      };

  // Used by the loop's own thread only.
  private final List<Report> unsent = new ArrayList<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private @Nullable Sent waiting;
  private volatile boolean waits;
  private volatile boolean backlog = true;
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
    this.slots = new Slots(pool.concurrency());
    this.fullStep = Math.max(1, Math.min(pool.concurrency(), WorkQueue.MAX_BATCH) / 2);
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
    return slots.used();
  }

  /** Wakes the loop, because a slot may be free. */
  void wake() {
    signal.release();
  }

  /** Records a completion with the next step. */
  @Override
  public void report(Report report) {
    ended.add(report);
    if (over) {
      passOn(); // of a job that outlives its pool
    } else {
      nudge();
    }
  }

  private void passOn() {
    ClaimLoop next = successor;
    if (next != null) {
      for (Report report = ended.poll(); report != null; report = ended.poll()) {
        next.report(report);
      }
    }
  }

  /**
   * The same in the job's own thread. If nothing else is under way it sends the step itself, which
   * saves a lone job two changes of thread.
   */
  @Override
  public void reportHere(Report report) {
    if (backlog || underWay > 0 || !ended.isEmpty() || !stepElsewhere.compareAndSet(false, true)) {
      report(report);
      return;
    }
    CompletableFuture<StepAnswer> answer;
    try {
      answer = queue.step(List.of(report.completion()), pool.queues(), 0);
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ = answer.whenComplete((recorded, failure) -> settle(report, recorded, failure));
  }

  // A failed step is repeated by the loop, which pauses between its tries.
  private void settle(Report report, @Nullable StepAnswer recorded, @Nullable Throwable failure) {
    try {
      if (recorded == null) {
        log.debug("The end of job {} is sent again", report.claim().id(), failure);
        ended.add(report);
      } else {
        reports.recorded(report, recorded.accepted().getFirst());
      }
    } finally {
      stepElsewhere.set(false);
      if (over) {
        passOn();
      } else if (!ended.isEmpty() || !claiming || !waits) {
        signal.release(); // also for a slot that became free meanwhile (nudge)
      }
    }
  }

  // Wakes the loop if it would send a step now. With a backlog of quick jobs this saves most of its
  // wakes; what comes while a step is under way is sent at the latest when its answer has arrived.
  private void nudge() {
    boolean idle = underWay == 0 && !stepElsewhere.get();
    if (idle || ended.size() >= fullStep || slots.free() >= fullStep) {
      signal.release();
    }
  }

  /** Must be called before each run; a stopped loop can run again. */
  void open() {
    claiming = true;
    closed = false;
    over = false;
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

  /** Whether a job that is being stored in this process may still come ({@link #place}). */
  boolean hasOpenPlaces() {
    return openPlaces.get() > 0;
  }

  /** Ends the loop once everything reported has been sent and no place is open. */
  void close() {
    claiming = false;
    closed = true;
    signal.release();
  }

  /**
   * Ends the loop for good, as {@link #close}.
   *
   * @param next records how jobs end that are still running
   */
  void retire(ClaimLoop next) {
    successor = next;
    close();
    stopWaiting();
  }

  @Override
  public void run() {
    try {
      turns();
    } finally {
      if (successor != null) {
        endForGood();
      }
    }
  }

  /** Ends a retired loop that has no thread. */
  void endForGood() {
    waiter.close();
    over = true; // before the last look: what comes later is passed on by whoever brings it
    passOn();
  }

  private void turns() {
    while (!isOver()) {
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

  private boolean isOver() {
    // The places first: one may report a job before it is settled.
    return closed
        && !hasOpenPlaces()
        && !stepElsewhere.get()
        && sent.isEmpty()
        && unsent.isEmpty()
        && ended.isEmpty()
        && waiting == null;
  }

  private void turn() throws InterruptedException, TimeoutException {
    if (takeSent() || takeWaiting()) {
      return; // the loop's condition is checked again, since the claim may have been the last
    }
    ended.drainTo(unsent);
    boolean stepped = step();
    if (claiming && !backlog && waiting == null) {
      stepped |= waitForJobs();
    }
    if (!stepped) {
      // The time limit only covers a lost signal.
      var _ = signal.tryAcquire(5, TimeUnit.SECONDS);
      signal.drainPermits();
    }
  }

  /**
   * A step, or a claim that waits for jobs, that was sent.
   *
   * @param reports the completions that it records
   * @param claims how many slots are reserved for what it claims
   * @param since when it was sent, in nanoseconds of {@link System#nanoTime}
   */
  private record Sent(
      List<Report> reports, int claims, CompletableFuture<StepAnswer> answer, long since) {
    boolean late() {
      return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(RESPONSE_SECONDS);
    }
  }

  // One step is sent for whatever there is, a second one only if it is worth its round trip. Claims
  // go along only while jobs wait: those that come later wake the claim that waits for them.
  private boolean step() {
    if (sent.size() >= STEPS) {
      return false;
    }
    int completions = Math.min(unsent.size(), WorkQueue.MAX_BATCH);
    int claims = claiming && backlog ? slots.reserve(WorkQueue.MAX_BATCH, takenElsewhere()) : 0;
    int least = sent.isEmpty() ? 1 : fullStep;
    if (completions < least && claims < least) {
      slots.free(claims);
      return false;
    }
    List<Report> batch = List.copyOf(unsent.subList(0, completions));
    List<Completion> ends = new ArrayList<>(completions);
    batch.forEach(report -> ends.add(report.completion()));
    CompletableFuture<StepAnswer> answer;
    try {
      answer = queue.step(ends, pool.queues(), claims);
    } catch (RuntimeException | Error e) {
      slots.free(claims);
      throw e;
    }
    unsent.subList(0, completions).clear();
    sent.add(new Sent(batch, claims, answer, System.nanoTime()));
    underWay = sent.size();
    // The loop looks at the original future: the one that whenComplete returns completes after the
    // signal, so the loop would see it as not done and sleep.
    var _ = answer.whenComplete((_, _) -> signal.release());
    return true;
  }

  // Zero unless this pool owns the slots for CPU-bound tools.
  private int takenElsewhere() {
    return cpu.isHome(this) ? cpu.takenElsewhere() : 0;
  }

  private boolean takeSent() throws InterruptedException, TimeoutException {
    Sent first = sent.peek();
    if (first == null || !(first.answer.isDone() || first.late())) {
      return false;
    }
    sent.remove();
    // Before the reports are looked for again: from now on they wake the loop.
    underWay = sent.size();
    StepAnswer answer;
    try {
      answer = answer(first);
    } catch (RuntimeException | TimeoutException | Error e) {
      unsent.addAll(0, first.reports);
      throw e;
    }
    try {
      for (int i = 0; i < first.reports.size(); i++) {
        reports.recorded(first.reports.get(i), answer.accepted().get(i));
      }
    } finally {
      take(answer, first.claims);
    }
    return true;
  }

  // Half of the free slots stay free for jobs that are submitted in this process.
  private boolean waitForJobs() {
    int claims =
        slots.reserve(
            Math.min(WorkQueue.MAX_BATCH, Math.ceilDiv(slots.free(), 2)), takenElsewhere());
    if (claims == 0) {
      return false;
    }
    Duration wait =
        nextDue != null && nextDue.compareTo(IDLE_WAIT) < 0 ? nextDue.plusMillis(1) : IDLE_WAIT;
    CompletableFuture<StepAnswer> answer;
    try {
      answer = waiter.claimWhenReady(pool.queues(), claims, wait);
    } catch (RuntimeException | Error e) {
      slots.free(claims);
      throw e;
    }
    waiting = new Sent(List.of(), claims, answer, System.nanoTime());
    waits = true;
    var _ = answer.whenComplete((_, _) -> signal.release());
    if (!claiming) {
      stopWaiting(); // the request to stop came while the wait began
    }
    return true;
  }

  private boolean takeWaiting() throws InterruptedException, TimeoutException {
    Sent arrived = waiting;
    if (arrived == null || !arrived.answer.isDone()) {
      return false;
    }
    waiting = null;
    waits = false;
    take(answer(arrived), arrived.claims);
    return true;
  }

  private void take(StepAnswer answer, int reserved) {
    List<Accepted> accepted = new ArrayList<>(answer.claims().size());
    try {
      if (reserved > 0) {
        backlog = answer.more();
        nextDue = answer.nextDue();
        reports.vanished(answer.vanished());
      }
      for (Claim claim : answer.claims()) {
        accept(claim).ifPresent(accepted::add);
      }
    } finally {
      // What runs in this pool uses its slots already.
      int own = (int) accepted.stream().filter(job -> slot.equals(job.slot())).count();
      slots.free(reserved - own);
    }
    launch(accepted);
  }

  /**
   * Keeps a slot for a job that is being stored in this process; empty if it would have to wait.
   */
  Optional<HandOff.Place> place(Tool tool) {
    boolean elsewhere = cpu.isFor(tool) && !cpu.isHome(this);
    // Before the check, so that a worker that stops either refuses the place or waits for it.
    openPlaces.incrementAndGet();
    if (!claiming
        || backlog
        || elsewhere
        || stuckTools.hasTool(tool.id())
        || slots.reserve(1, takenElsewhere()) == 0) {
      settled();
      return Optional.empty();
    }
    return Optional.of(
        new HandOff.Place() {
          @Override
          public void run(Claim claim) {
            handedOver(claim);
            settled();
          }

          @Override
          public void free() {
            slots.free(1);
            nudge();
            settled();
          }

          @Override
          public void giveBack(Claim claim) {
            slots.free(1);
            ClaimLoop.this.giveBack(claim, Duration.ZERO);
            settled();
          }
        });
  }

  private void settled() {
    openPlaces.decrementAndGet();
    if (!claiming) {
      signal.release(); // the loop may end now
    }
  }

  // In a thread of Netty.
  private void handedOver(Claim claim) {
    List<Accepted> accepted = new ArrayList<>(1);
    try {
      try {
        accept(claim).ifPresent(accepted::add);
      } finally {
        if (accepted.isEmpty() || !slot.equals(accepted.getFirst().slot())) {
          slots.free(1);
        }
      }
      launch(accepted);
    } catch (RuntimeException | Error e) {
      OutOfMemory.met(e);
      log.warn("Job {} got no thread; it is taken back when its lease ends", claim.id(), e);
    }
  }

  private void launch(List<Accepted> accepted) {
    if (accepted.isEmpty()) {
      return;
    }
    CompletableFuture<Set<JobId>> started;
    try {
      started = start(accepted.stream().map(Accepted::claim).toList());
    } catch (RuntimeException | Error e) {
      accepted.stream().map(Accepted::slot).forEach(Slot::release);
      throw e;
    }
    int launched = 0;
    try {
      for (; launched < accepted.size(); launched++) {
        Accepted job = accepted.get(launched);
        runner.launch(threads, job.claim(), job.tool(), started, this, job.slot());
      }
    } finally {
      // Those that got no thread; their leases will expire.
      accepted.subList(launched, accepted.size()).forEach(job -> job.slot().release());
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
    if (!cpu.isFor(tool.get()) || (home && cpu.fits(slots.used()))) {
      slots.useReserved();
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

  // Frees the slots of a claim that failed.
  private StepAnswer answer(Sent step) throws InterruptedException, TimeoutException {
    try {
      return step.answer.get(0, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      slots.free(step.claims);
      throw new CompletionException(e.getCause());
    } catch (RuntimeException | TimeoutException e) {
      slots.free(step.claims);
      throw e;
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
