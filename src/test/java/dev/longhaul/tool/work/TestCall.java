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

/** A call in a thread of its own, which is cancelled as a worker does it. */
final class TestCall {
  /** Far longer than anything here takes. */
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

  /** Runs it in a new thread; the future ends as it does. */
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

  /** Runs it here. */
  <T> T run(Callable<T> task) throws Exception {
    return Calls.run(call, task);
  }

  void cancel() {
    call.stop(AttemptContext.Stop.CANCELLED);
    thread.interrupt();
  }

  /** As when the interrupt got lost. */
  void cancelWithoutInterrupt() {
    call.stop(AttemptContext.Stop.CANCELLED);
  }

  List<Progress> progress() {
    return progress;
  }

  Optional<Partial> partial() {
    return call.partial();
  }

  /** What it ended with. */
  static Throwable failure(CompletableFuture<?> ended) {
    return ended
        .handle((value, thrown) -> thrown == null ? new AssertionError("it ended well") : thrown)
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
