package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.queue.WorkQueue.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for jobs: the first operation that may have brought some looks for it. */
final class MemoryWaiter implements Waiter {
  private static final ScheduledThreadPoolExecutor ENDS =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("in-memory-queue-waits").daemon().factory());

  static {
    ENDS.setRemoveOnCancelPolicy(true);
  }

  private final Store store;
  private final Claims claims;
  private @Nullable Wait current;

  MemoryWaiter(Store store, Claims claims) {
    this.store = store;
    this.claims = claims;
  }

  @Override
  public CompletableFuture<StepAnswer> claimWhenReady(
      List<String> queues, int wanted, Duration wait) {
    return store.locked(() -> {
      StepAnswer now = claims.step(List.of(), queues, wanted);
      if (!now.claims().isEmpty()) {
        return CompletableFuture.completedFuture(now);
      }
      var standing = new Wait(List.copyOf(queues), wanted);
      current = standing;
      store.lines.await(standing);
      Future<?> end = ENDS.schedule(() -> end(standing), wait.toMillis(), TimeUnit.MILLISECONDS);
      return standing.answer.whenComplete((_, _) -> end.cancel(false));
    });
  }

  @Override
  public void stop() {
    Wait standing = current;
    if (standing != null) {
      end(standing);
    }
  }

  private void end(Wait standing) {
    var _ =
        store.locked(() -> {
          store.lines.leave(standing);
          standing.wake();
          return true;
        });
  }

  /** One wait; it is answered once. */
  private final class Wait implements Lines.Waiting {
    private final List<String> queues;
    private final int wanted;
    private final CompletableFuture<StepAnswer> answer = new CompletableFuture<>();
    private boolean over;

    private Wait(List<String> queues, int wanted) {
      this.queues = queues;
      this.wanted = wanted;
    }

    @Override
    public List<String> queues() {
      return queues;
    }

    @Override
    public void wake() {
      if (!over) {
        over = true;
        StepAnswer found = claims.step(List.of(), queues, wanted);
        store.afterwards(() -> answer.complete(found));
      }
    }
  }
}
