package dev.longhaul.ops;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.CallCache;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.worker.JobListener;
import java.time.Duration;

/** Caches the results of jobs. It is here because no other package uses workers and the cache. */
record JobResultCaching(CallCache cache) implements JobListener {
  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    cache.ended(claim.id(), JobHeaders.read(claim.headers()), outcome);
  }
}
