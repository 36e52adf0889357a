package dev.longhaul.catalog;

import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Makes the contexts of runs that have ended. */
public final class EndedRun {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private EndedRun() {}

  /** A run of a tool. */
  public static OperationContext of(String tool, boolean job, Duration took) {
    return of(tool, job, took, Duration.ZERO, null);
  }

  /**
   * A run of a tool.
   *
   * @param paused how much of that it waited for its client
   */
  public static OperationContext of(
      String tool, boolean job, Duration took, Duration paused, @Nullable String error) {
    var call =
        new AttemptContext(
            "the-id", 1, "local", NOW, Clock.fixed(NOW, ZoneOffset.UTC), Tools.JSON, new Nobody());
    call.prolong(paused);
    var run = new OperationContext(OperationContext.Kind.TOOL, tool, job, false, "the-id", 1);
    run.ended(took.toNanos(), -1, error, call);
    return run;
  }

  /** A read of a resource. */
  public static OperationContext ofResource(String name, boolean job, Duration took) {
    var call =
        new AttemptContext(
            "the-id", 1, "local", NOW, Clock.fixed(NOW, ZoneOffset.UTC), Tools.JSON, new Nobody());
    var run = new OperationContext(OperationContext.Kind.RESOURCE, name, job, false, "the-id", 1);
    run.ended(took.toNanos(), -1, null, call);
    return run;
  }

  private static final class Nobody implements AttemptContext.Sink {
    @Override
    public void progress(Progress progress) {}

    @Override
    public void log(JobLog log) {}
  }
}
