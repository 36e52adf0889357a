package dev.longhaul.ops;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.IntakeListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.worker.JobListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Deletes the tokens that were got in the name of callers when their jobs have ended. */
record DelegatedTokenEnds(DelegatedTokens tokens, ToolCatalogue tools)
    implements JobListener, IntakeListener {

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    forget(claim.id(), claim.tool());
  }

  @Override
  public void cancelled(Job job) {
    forget(job.id(), job.tool());
  }

  @Override
  public void reaped(JobId id, boolean ended) {
    if (ended) {
      tokens.forget(id);
    }
  }

  @Override
  public void closed(JobId id) {
    tokens.forget(id);
  }

  private void forget(JobId id, @Nullable String tool) {
    if (tool != null && mayDelegate(tool)) {
      tokens.forget(id);
    }
  }

  // A process that does not run an upstream does not know the identities of its tools.
  private boolean mayDelegate(String tool) {
    return tools
        .named(tool)
        .map(known -> known.handler().delegates())
        .orElseGet(() -> tool.indexOf('/') > 0);
  }
}
