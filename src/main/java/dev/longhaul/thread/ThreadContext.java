package dev.longhaul.thread;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Carries the context of a thread to another one: the logging context (MDC), values registered by
 * Longhaul's own packages (see {@link #register}), and every thread-local with an accessor in
 * Micrometer's {@code ContextRegistry}, such as the current observation and Spring Security's
 * context.
 */
public final class ThreadContext {
  private static final ContextSnapshotFactory SNAPSHOTS = ContextSnapshotFactory.builder().build();
  private static final List<UnaryOperator<Runnable>> CARRIERS = new CopyOnWriteArrayList<>();

  private ThreadContext() {}

  /**
   * Registers a value that is bound to threads. The class that binds it calls this in its static
   * initialiser.
   *
   * @param carrier wraps a task so that it runs with the value of the current thread; called each
   *     time a task is handed over
   */
  public static void register(UnaryOperator<Runnable> carrier) {
    CARRIERS.add(carrier);
  }

  /** Wraps a task so that it runs with this thread's context in any thread. */
  public static Runnable carried(Runnable task) {
    Runnable carried = task;
    for (UnaryOperator<Runnable> carrier : CARRIERS) {
      carried = carrier.apply(carried);
    }
    Runnable bound = carried;
    ContextSnapshot values = SNAPSHOTS.captureAll();
    Map<String, String> log = MDC.getCopyOfContextMap();
    return () ->
        runHere(() -> {
          show(log);
          try (var _ = values.setThreadLocals()) {
            bound.run();
          }
        });
  }

  /** Runs a task in this thread and restores the logging context afterwards. */
  static void runHere(Runnable task) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    try {
      task.run();
    } finally {
      show(before);
    }
  }

  private static void show(@Nullable Map<String, String> log) {
    if (log == null || log.isEmpty()) {
      MDC.clear();
    } else {
      MDC.setContextMap(log);
    }
  }
}
