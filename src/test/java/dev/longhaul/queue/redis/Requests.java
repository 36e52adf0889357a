package dev.longhaul.queue.redis;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.Map;

/** Requests of simple jobs. */
public final class Requests {
  private Requests() {}

  public static JobRequest repeatable() {
    return of("{}");
  }

  public static JobRequest of(String params) {
    return of(params, "local");
  }

  public static JobRequest of(String params, String owner) {
    return new JobRequest(
        "tools/call",
        "greet",
        params,
        owner,
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
        Map.of());
  }
}
