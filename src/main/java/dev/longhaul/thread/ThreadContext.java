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
 * What a thread knows of the work it does, for taking it to another thread: the logging context
 * (MDC), what the rooms of this house bind to a thread (see {@link #register}), and every
 * thread-local value that has an accessor in Micrometer's {@code ContextRegistry}, such as the
 * current observation and Spring Security's context.
 */
public final class ThreadContext {
  private static final ContextSnapshotFactory SNAPSHOTS = ContextSnapshotFactory.builder().build();
  private static final List<UnaryOperator<Runnable>> CARRIERS = new CopyOnWriteArrayList<>();

  private ThreadContext() {}

  /**
   * Adds something that is bound to threads. The class that binds it says so in its static
   * initialiser, thus before anything can be bound.
   *
   * @param carrier makes of a task the same task with what is bound to the thread that asks; called
   *     each time a task is handed over
   */
  public static void register(UnaryOperator<Runnable> carrier) {
    CARRIERS.add(carrier);
  }

  /** The same task, with this thread's context in whichever thread runs it. */
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

  /** Runs a task in this thread, and lets nothing that it adds to the logging context stay. */
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
