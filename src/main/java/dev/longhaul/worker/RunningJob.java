package dev.longhaul.worker;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.tool.RunningCall;
import dev.longhaul.tool.RunningCall.Stop;
import dev.longhaul.tool.Tool;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A claimed job in this process, from its claim until its thread has ended. */
final class RunningJob {
  private final Claim claim;
  private final Tool tool;
  private final RunningCall call;
  private final AtomicBoolean reported = new AtomicBoolean();
  private final Object threadLock = new Object();
  private @Nullable Thread thread;
  private volatile @Nullable JobQuestions questions;

  RunningJob(Claim claim, Tool tool, RunningCall call) {
    this.claim = claim;
    this.tool = tool;
    this.call = call;
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
