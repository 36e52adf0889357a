package dev.longhaul.tool;

import dev.longhaul.job.RequestContext;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Binds the context of a call to the thread that serves it. */
final class CurrentCall {
  private static final ScopedValue<JobContext> CONTEXT = ScopedValue.newInstance();

  private CurrentCall() {}

  static Optional<JobContext> find() {
    return CONTEXT.isBound() ? Optional.of(CONTEXT.get()) : Optional.empty();
  }

  static <T extends @Nullable Object> T call(JobContext context, Callable<T> task)
      throws Exception {
    try (var _ = CallThread.showing(context)) {
      return ScopedValue.where(CONTEXT, context).call(() -> context.inside().call(task));
    }
  }

  static Runnable wrap(Runnable task) {
    return find()
        .<Runnable>map(context -> {
          Runnable carried = RequestContext.carried(task);
          return () -> {
            try (var _ = CallThread.showing(context)) {
              ScopedValue.where(CONTEXT, context).run(carried);
            }
          };
        })
        .orElse(task);
  }

  static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return find().<Callable<T>>map(context -> () -> call(context, task)).orElse(task);
  }
}
