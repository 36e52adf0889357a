package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A claimed job in this process, from the claim until its thread has ended. */
final class RunningJob {
  /** Whether a thread has started it. */
  private enum Begin {
    CLAIMED,
    BEGUN,
    /** No thread began it in time; a thread that comes later must not run it. */
    ABANDONED
  }

  private final Claim claim;
  private final Tool tool;
  private final AttemptContext call;
  private final Slot slot;
  private final long claimedAt = System.nanoTime();
  private final AtomicReference<Begin> begin = new AtomicReference<>(Begin.CLAIMED);
  private final AtomicBoolean reported = new AtomicBoolean();
  private final Object threadLock = new Object();
  private @Nullable Thread thread;
  private @Nullable Long stopRequestedAt;
  private volatile @Nullable JobQuestions questions;
  private volatile Runnable stuckAction = () -> {};

  /**
   * @param slot the slot of its pool that it uses
   */
  RunningJob(Claim claim, Tool tool, AttemptContext call, Slot slot) {
    this.claim = claim;
    this.tool = tool;
    this.call = call;
    this.slot = slot;
  }

  /** When it was claimed, in nanoseconds of {@link System#nanoTime}. */
  long claimedAt() {
    return claimedAt;
  }

  /** Whether it uses that slot. */
  boolean in(Slot other) {
    return slot.equals(other);
  }

  /** Marks it as begun by a thread; false if it was abandoned before. */
  boolean begin() {
    return begin.compareAndSet(Begin.CLAIMED, Begin.BEGUN);
  }

  /** Prevents any thread from beginning it; false if one has begun it. */
  boolean abandon() {
    return begin.compareAndSet(Begin.CLAIMED, Begin.ABANDONED);
  }

  /**
   * How long the tool has kept running since it was asked to stop; null if it was not asked or is
   * not running.
   *
   * @param now in nanoseconds of {@link System#nanoTime}
   */
  @Nullable Duration stopRequestedFor(long now) {
    synchronized (threadLock) {
      return thread == null || stopRequestedAt == null
          ? null
          : Duration.ofNanos(now - stopRequestedAt);
    }
  }

  /** Sets the action for the case that the tool is stuck. */
  void onStuck(Runnable action) {
    stuckAction = action;
  }

  /** Runs that action: the job ends although its tool still runs. */
  void runStuckAction() {
    stuckAction.run();
  }

  /** Sets the questions of its tool; called before the tool runs. */
  void asks(JobQuestions its) {
    questions = its;
  }

  Optional<JobQuestions> questions() {
    return Optional.ofNullable(questions);
  }

  Claim claim() {
    return claim;
  }

  Tool tool() {
    return tool;
  }

  AttemptContext call() {
    return call;
  }

  JobId id() {
    return claim.id();
  }

  /** The tool starts in the current thread. */
  void enter() {
    synchronized (threadLock) {
      thread = Thread.currentThread();
      if (call.stopped().isPresent()) {
        thread.interrupt();
      }
    }
  }

  /**
   * The tool has ended. Clears the interrupt flag, so that a late interrupt does not affect other
   * code.
   */
  void leave() {
    synchronized (threadLock) {
      thread = null;
      Thread.interrupted();
    }
  }

  /** Asks the tool to stop; only the first reason counts. */
  boolean stop(Stop reason) {
    boolean first = call.stop(reason);
    synchronized (threadLock) {
      if (first) {
        stopRequestedAt = System.nanoTime();
      }
      if (first && thread != null) {
        thread.interrupt();
      }
    }
    questions().ifPresent(JobQuestions::wake);
    return first;
  }

  /** True for the first caller only, so that one completion per claim is sent to the queue. */
  boolean report() {
    return reported.compareAndSet(false, true);
  }
}
