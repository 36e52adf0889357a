package dev.longhaul.ops.statistics;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.worker.JobListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts the jobs whose end this process recorded, each once however many attempts it had.
 * Cancelled jobs and those of internal tools, such as the delivery of a webhook, are not counted;
 * what this process finds dead because its worker was lost is counted in any case, because of such
 * a job only the id is known.
 */
final class EndedJobs implements JobListener {
  private final GatheredCounts counts;
  private final ToolCatalogue tools;

  EndedJobs(GatheredCounts counts, ToolCatalogue tools) {
    this.counts = counts;
    this.tools = tools;
  }

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    if (outcome instanceof Outcome.Cancelled || isInternal(claim.tool())) {
      return;
    }
    boolean failed = !(outcome instanceof Outcome.Answered answered) || answered.isError();
    // Such as a job whose time was over before another attempt: there was nothing to measure.
    if (outcome instanceof Outcome.GivenUp && ran.isZero()) {
      counts.ended(failed);
    } else {
      counts.ended(failed, ran);
    }
  }

  @Override
  public void reaped(JobId id, boolean ended) {
    if (ended) {
      counts.ended(true);
    }
  }

  private boolean isInternal(@Nullable String tool) {
    return tool != null && tools.isInternal(tool);
  }
}
