package dev.longhaul.worker;

import dev.longhaul.catalog.RunningCall;
import dev.longhaul.catalog.RunningCall.Stop;
import dev.longhaul.catalog.Tool;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A claimed job in this process, from its claim until its thread has ended. */
final class RunningJob {
  /** Whether a thread has begun it. */
  private enum Begin {
    CLAIMED,
    BEGUN,
    /** No thread came in time: whoever comes now leaves it alone. */
    ABANDONED
  }

  private final Claim claim;
  private final Tool tool;
  private final RunningCall call;
  private final Slot slot;
  private final long claimedAt = System.nanoTime();
  private final AtomicReference<Begin> begin = new AtomicReference<>(Begin.CLAIMED);
  private final AtomicBoolean reported = new AtomicBoolean();
  private final Object threadLock = new Object();
  private @Nullable Thread thread;
  private @Nullable Long askedToStopAt;
  private volatile @Nullable JobQuestions questions;
  private volatile Runnable giveUp = () -> {};

  /**
   * @param slot the place in its pool that it has taken
   */
  RunningJob(Claim claim, Tool tool, RunningCall call, Slot slot) {
    this.claim = claim;
    this.tool = tool;
    this.call = call;
    this.slot = slot;
  }

  /** When it was claimed, in nanoseconds of {@link System#nanoTime}. */
  long claimedAt() {
    return claimedAt;
  }

  /** Whether it has its place in that pool. */
  boolean in(Slot other) {
    return slot.equals(other);
  }

  /** A thread begins it; false if it was abandoned before. */
  boolean begin() {
    return begin.compareAndSet(Begin.CLAIMED, Begin.BEGUN);
  }

  /** Nobody is to begin it any more; false if a thread has begun it. */
  boolean abandon() {
    return begin.compareAndSet(Begin.CLAIMED, Begin.ABANDONED);
  }

  /**
   * For how long the tool has run on since it was asked to stop; null if it was not asked to, or
   * does not run.
   *
   * @param now in nanoseconds of {@link System#nanoTime}
   */
  @Nullable Duration askedToStopFor(long now) {
    synchronized (threadLock) {
      return thread == null || askedToStopAt == null ? null : Duration.ofNanos(now - askedToStopAt);
    }
  }

  /** What is to be done should the tool turn out to be stuck. */
  void onGiveUp(Runnable action) {
    giveUp = action;
  }

  /** The tool is stuck: what becomes of the job is decided without it. */
  void giveUp() {
    giveUp.run();
  }

  /** What its tool asks; set before the tool runs. */
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

  RunningCall call() {
    return call;
  }

  JobId id() {
    return claim.id();
  }

  /** The tool runs in this thread from now on. */
  void enter() {
    synchronized (threadLock) {
      thread = Thread.currentThread();
      if (call.stopped().isPresent()) {
        thread.interrupt();
      }
    }
  }

  /** The tool has ended; an interrupt that came too late must not hit what follows. */
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
        askedToStopAt = System.nanoTime();
      }
      if (first && thread != null) {
        thread.interrupt();
      }
    }
    questions().ifPresent(JobQuestions::wake);
    return first;
  }

  /** True for the first caller only: one completion per claim is sent to the queue. */
  boolean report() {
    return reported.compareAndSet(false, true);
  }
}
