package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.ALREADY_FINISHED;
import static dev.longhaul.rest.ProblemType.NOT_FINISHED;
import static dev.longhaul.rest.ProblemType.NOT_HELD;
import static dev.longhaul.rest.ProblemType.UNKNOWN_TOOL;
import static dev.longhaul.rest.ProblemType.UNSUPPORTED_METHOD;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Submits jobs, shows and cancels them. */
@RestController
@Tag(name = "jobs", description = "Submit jobs, follow them, stop them.")
class JobsController {
  static final int LONGEST_WAIT = 300;

  private final Intake intake;
  private final JobFeeds feeds;
  private final JobViews views;

  JobsController(Intake intake, JobFeeds feeds, JobViews views) {
    this.intake = intake;
    this.feeds = feeds;
    this.views = views;
  }

  @PostMapping(path = Routes.JOBS, consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Refuses({UNSUPPORTED_METHOD, UNKNOWN_TOOL})
  ResponseEntity<JobView> submitJob(
      @JsonBody("job.json") SubmitBody body,
      HttpServletRequest request,
      Caller caller,
      Routes routes) {
    request.setAttribute(RestErrors.ARGUMENTS, body.argumentsPath());
    Job job =
        intake.submit(
            new Submission(
                caller,
                body.call().methodCalled(),
                body.call().paramsCalled(),
                IdempotencyHeader.keyed(body.options(), request),
                JobHeaders.NONE));
    // The client gets the id, so a disconnect of other clients of the job must not cancel it.
    return views.accepted(intake.handOver(caller, job.id(), null), routes);
  }

  @GetMapping(Routes.JOBS + "/{id}")
  JobView getJob(
      @PathVariable String id,
      @RequestParam(name = "wait_seconds", defaultValue = "0") @Bounds(max = LONGEST_WAIT) int wait,
      Caller caller,
      Routes routes)
      throws InterruptedException {
    JobId job = id(id);
    return views.view(
        wait == 0 ? intake.job(caller, job) : feeds.await(caller, job, Duration.ofSeconds(wait)),
        routes);
  }

  @GetMapping(Routes.JOBS)
  JobList listJobs(
      @RequestParam @Nullable String state,
      @RequestParam @Nullable String tool,
      @RequestParam @Nullable String method,
      @RequestParam @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Bounds(min = 1, max = JobFilter.MAX_LIMIT) int limit,
      Caller caller,
      Routes routes) {
    return views.list(intake.list(caller, state, tool, method, cursor, limit), routes);
  }

  @PostMapping(Routes.JOBS + "/{id}/start")
  @Refuses(NOT_HELD)
  JobView startJob(@PathVariable String id, Caller caller, Routes routes) {
    return views.view(intake.start(caller, id(id)), routes);
  }

  @PostMapping(Routes.JOBS + "/{id}/cancel")
  @Refuses(ALREADY_FINISHED)
  JobView cancelJob(@PathVariable String id, Caller caller, Routes routes) {
    return views.view(intake.cancel(caller, id(id)), routes);
  }

  @DeleteMapping(Routes.JOBS + "/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Refuses(NOT_FINISHED)
  void deleteJob(
      @PathVariable String id, @RequestParam(defaultValue = "false") boolean force, Caller caller) {
    intake.delete(caller, id(id), force);
  }

  /** The id; a text that cannot be an id is refused as unknown. */
  static JobId id(String text) {
    if (!JobId.isValid(text)) {
      throw new IntakeException(new Refusal.UnknownJob(text));
    }
    return new JobId(text);
  }
}
