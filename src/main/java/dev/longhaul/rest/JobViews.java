package dev.longhaul.rest;

import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.queue.JobPage;
import java.net.URI;
import org.springframework.http.ResponseEntity;

/** Builds the answers about jobs. */
final class JobViews {
  private final Operations operations;

  JobViews(Operations operations) {
    this.operations = operations;
  }

  /** One job. */
  JobView view(Job job, Routes routes) {
    return JobView.of(job, operations.estimatedCompletion(job).orElse(null), routes);
  }

  /** One page of jobs. */
  JobList list(JobPage page, Routes routes) {
    return new JobList(
        page.jobs().stream().map(job -> view(job, routes)).toList(), page.nextCursor());
  }

  /** The response to a stored submission, with the job's URL. */
  ResponseEntity<JobView> accepted(Job job, Routes routes) {
    JobView view = view(job, routes);
    return ResponseEntity.accepted().location(URI.create(view.links().self())).body(view);
  }
}
