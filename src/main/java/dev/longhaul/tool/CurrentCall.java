package dev.longhaul.tool;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Binds a call's context to the thread that serves it. */
final class CurrentCall {
  private static final ScopedValue<JobContext> CONTEXT = ScopedValue.newInstance();

  private CurrentCall() {}

  static Optional<JobContext> find() {
    return CONTEXT.isBound() ? Optional.of(CONTEXT.get()) : Optional.empty();
  }

  static <T extends @Nullable Object> T call(JobContext context, Callable<T> task)
      throws Exception {
    return ScopedValue.where(CONTEXT, context).call(task::call);
  }

  static Runnable wrap(Runnable task) {
    return find().<Runnable>map(c -> () -> ScopedValue.where(CONTEXT, c).run(task)).orElse(task);
  }

  static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return find().<Callable<T>>map(c -> () -> call(c, task)).orElse(task);
  }
}
