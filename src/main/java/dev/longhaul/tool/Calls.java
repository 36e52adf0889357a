package dev.longhaul.tool;

import java.util.concurrent.Callable;

/** Runs code as part of a call, so that {@link JobContext#current()} finds the call. */
public final class Calls {
  private Calls() {}

  /** Runs the task in this thread with the context bound. */
  public static <T> T run(JobContext context, Callable<T> task) throws Exception {
    return CurrentCall.call(context, task);
  }
}
