package dev.longhaul.rest;

import dev.longhaul.intake.Intake;
import dev.longhaul.job.Job;
import dev.longhaul.queue.JobPage;
import java.net.URI;
import org.springframework.http.ResponseEntity;

/** Shows jobs. */
final class JobViews {
  private final Intake intake;

  JobViews(Intake intake) {
    this.intake = intake;
  }

  /**
   * One job.
   *
   * @param contextPath where the host application is mounted
   */
  JobView view(Job job, String contextPath) {
    return JobView.of(job, intake.estimatedCompletion(job).orElse(null), contextPath);
  }

  /** One page of jobs. */
  JobList list(JobPage page, String contextPath) {
    return new JobList(
        page.jobs().stream().map(job -> view(job, contextPath)).toList(), page.nextCursor());
  }

  /** Says that a job is stored, and where. */
  ResponseEntity<JobView> accepted(Job job, String contextPath) {
    JobView view = view(job, contextPath);
    return ResponseEntity.accepted().location(URI.create(view.links().self())).body(view);
  }
}
