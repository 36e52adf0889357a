package dev.longhaul.rest;

import dev.longhaul.intake.Intake;
import dev.longhaul.job.Job;

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
    return JobView.of(
        job,
        intake.estimatedCompletion(job).orElse(null),
        Routes.job(contextPath, job.id().value()));
  }
}
