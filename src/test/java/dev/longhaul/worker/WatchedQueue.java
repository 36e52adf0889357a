package dev.longhaul.worker;

import dev.longhaul.queue.WorkQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue that counts calls, with leases that are renewed five times a second. */
final class WatchedQueue {
  private static final Duration SHORT = Duration.ofMillis(600);

  /** The number of steps, with or without a wait. */
  final AtomicInteger steps = new AtomicInteger();

  /** The number of renewals, which shows that the worker's upkeep runs. */
  final AtomicInteger renewals = new AtomicInteger();

  final WorkQueue queue;

  WatchedQueue(WorkQueue real) {
    queue =
        (WorkQueue)
            Proxy.newProxyInstance(
                WatchedQueue.class.getClassLoader(),
                new Class<?>[] {WorkQueue.class},
                (_, method, arguments) -> {
                  switch (method.getName()) {
                    case "lease" -> {
                      return SHORT;
                    }
                    case "step" -> steps.incrementAndGet();
                    case "renew" -> renewals.incrementAndGet();
                    default -> {}
                  }
                  try {
                    Object answer = method.invoke(real, arguments);
                    return answer instanceof WorkQueue.Waiter waiter ? counted(waiter) : answer;
                  } catch (InvocationTargetException e) {
                    throw e.getTargetException();
                  }
                });
  }

  private WorkQueue.Waiter counted(WorkQueue.Waiter real) {
    return new WorkQueue.Waiter() {
      @Override
      public CompletableFuture<WorkQueue.StepAnswer> claimWhenReady(
          List<String> queues, int claims, Duration wait) {
        steps.incrementAndGet();
        return real.claimWhenReady(queues, claims, wait);
      }

      @Override
      public void stop() {
        real.stop();
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }
}
