package dev.longhaul.tool.work;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Calls;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A call in a separate thread, which is cancelled as by a worker. */
final class TestCall {
  /** Much longer than any test here. */
  static final long LIMIT_SECONDS = 60;

  private final List<Progress> progress = new CopyOnWriteArrayList<>();
  private final AttemptContext call =
      new AttemptContext(
          "job",
          1,
          "tester",
          Instant.now(Clock.systemUTC()).plusSeconds(3_600),
          Clock.systemUTC(),
          Tools.JSON,
          new AttemptContext.Sink() {
            @Override
            public void progress(Progress said) {
              progress.add(said);
            }

            @Override
            public void log(JobLog said) {}
          });
  private volatile Thread thread = Thread.currentThread();

  /** Runs the call in a new thread; the future has its result or failure. */
  <T> CompletableFuture<T> start(Callable<T> task) {
    CompletableFuture<T> ended = new CompletableFuture<>();
    thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ended.complete(Calls.run(call, task));
              } catch (Throwable e) {
                ended.completeExceptionally(e);
              }
            });
    return ended;
  }

  /** Runs the call in this thread. */
  <T> T run(Callable<T> task) throws Exception {
    return Calls.run(call, task);
  }

  void cancel() {
    call.stop(AttemptContext.Stop.CANCELLED);
    thread.interrupt();
  }

  /** Cancels without an interrupt, as if it was lost. */
  void cancelWithoutInterrupt() {
    call.stop(AttemptContext.Stop.CANCELLED);
  }

  List<Progress> progress() {
    return progress;
  }

  Optional<Partial> partial() {
    return call.partial();
  }

  /** The failure of the call. */
  static Throwable failure(CompletableFuture<?> ended) {
    return ended
        .handle((value, thrown) -> thrown == null ? new AssertionError("it ended well") : thrown)
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
