package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobFilter;
import dev.longhaul.queue.JobPage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Submits jobs, shows them, stops them. */
@RestController
@Tag(name = "jobs", description = "Submit jobs, follow them, stop them.")
class JobsController {
  static final int LONGEST_WAIT = 300;
  private static final int DEFAULT_LIMIT = 50;

  private final CallerResolver callers;
  private final Intake intake;
  private final JobFeeds feeds;
  private final JobViews views;
  private final RequestBodies bodies;

  JobsController(
      Intake intake, JobFeeds feeds, JobViews views, RequestBodies bodies, CallerResolver callers) {
    this.callers = callers;
    this.intake = intake;
    this.feeds = feeds;
    this.views = views;
    this.bodies = bodies;
  }

  @PostMapping(path = Routes.JOBS, consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "submitJob",
      summary = "Submits a job",
      description =
          "Validates the call and stores it. When the answer arrives the job is durable; it runs"
              + " whether or not anyone waits. A tool whose MCP calls run inline becomes a job"
              + " here, too. Repeated under the same idempotency key, it answers with the same job.",
      parameters =
          @Parameter(
              name = IdempotencyHeader.NAME,
              in = ParameterIn.HEADER,
              description = "The same as idempotency_key in the body: a string in quotes.",
              example = "\"order-4711\"",
              schema = @Schema(type = "string")),
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = SubmitRequest.class),
                      examples = {
                        @ExampleObject(
                            name = "a tool call",
                            value =
                                """
                                {"tool": "profile_dataset", "arguments": {"path": "flights.csv"},
                                 "priority": "high", "metadata": {"ticket": "4711"}}
                                """),
                        @ExampleObject(
                            name = "any method",
                            value =
                                """
                                {"method": "resources/read", "params": {"uri": "db://reports/4711"}}
                                """)
                      })))
  @ApiResponse(
      responseCode = "202",
      description = "The job is stored.",
      headers =
          @Header(name = "Location", description = "The job.", schema = @Schema(type = "string")),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = JobView.class)))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.UNSUPPORTED_METHOD,
    ProblemType.REQUEST_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNKNOWN_TOOL,
    ProblemType.INVALID_ARGUMENTS,
    ProblemType.IDEMPOTENCY_CONFLICT,
    ProblemType.QUEUE_FULL,
    ProblemType.QUEUE_DRAINING,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<JobView> submit(@Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    Job job = intake.submit(SubmitReader.read(bodies.object(request), request, callers));
    // From here on the client knows the id, so nobody else's disconnect may cancel the job.
    return views.accepted(
        intake.handOver(callers.resolve(request), job.id(), null), request.getContextPath());
  }

  @GetMapping(path = Routes.JOBS + "/{id}")
  @Operation(
      operationId = "getJob",
      summary = "Shows a job",
      description =
          "With wait_seconds the answer waits for the job's end, but no longer than that.")
  @Parameter(
      name = "wait_seconds",
      in = ParameterIn.QUERY,
      description = "How long to wait for the job's end.",
      schema = @Schema(type = "integer", minimum = "0", maximum = "300", defaultValue = "0"))
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_JOB, ProblemType.UNAVAILABLE})
  JobView job(@PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws InterruptedException {
    int wait =
        Query.of(request, Set.of("wait_seconds")).integer("wait_seconds", 0, 0, LONGEST_WAIT);
    JobId known = id(id);
    return view(
        wait == 0
            ? intake.job(callers.resolve(request), known)
            : feeds.await(callers.resolve(request), known, Duration.ofSeconds(wait)),
        request);
  }

  @GetMapping(path = Routes.JOBS)
  @Operation(
      operationId = "listJobs",
      summary = "Lists jobs",
      description = "The caller's jobs, newest first, page by page.")
  @Parameter(
      name = "state",
      in = ParameterIn.QUERY,
      description = "Only jobs in this state.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "tool",
      in = ParameterIn.QUERY,
      description = "Only calls of this tool.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "method",
      in = ParameterIn.QUERY,
      description = "Only jobs of this method, such as resources/read.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "cursor",
      in = ParameterIn.QUERY,
      description = "next_cursor of the page before.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "How many jobs a page has at most.",
      schema = @Schema(type = "integer", minimum = "1", maximum = "500", defaultValue = "50"))
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNAVAILABLE})
  JobList jobs(@Parameter(hidden = true) HttpServletRequest request) {
    Query query = Query.of(request, Set.of("state", "tool", "method", "cursor", "limit"));
    JobPage page =
        intake.list(
            callers.resolve(request),
            query.text("state"),
            query.text("tool"),
            query.text("method"),
            query.text("cursor"),
            query.integer("limit", DEFAULT_LIMIT, 1, JobFilter.MAX_LIMIT));
    return views.list(page, request.getContextPath());
  }

  @PostMapping(path = Routes.JOBS + "/{id}/start")
  @Operation(
      operationId = "startJob",
      summary = "Starts a held job",
      description = "Its delay and its deadline count from now.")
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.NOT_HELD, ProblemType.UNAVAILABLE})
  JobView start(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return view(intake.start(callers.resolve(request), id(id)), request);
  }

  @PostMapping(path = Routes.JOBS + "/{id}/cancel")
  @Operation(
      operationId = "cancelJob",
      summary = "Cancels a job",
      description =
          "The job is cancelled at once; a running tool is told to stop, and what it had reported"
              + " as a partial result is kept.")
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.ALREADY_FINISHED, ProblemType.UNAVAILABLE})
  JobView cancel(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    return view(intake.cancel(callers.resolve(request), id(id)), request);
  }

  @DeleteMapping(path = Routes.JOBS + "/{id}")
  @Operation(
      operationId = "deleteJob",
      summary = "Forgets a job",
      description = "Deletes a finished job and its result.")
  @Parameter(
      name = "force",
      in = ParameterIn.QUERY,
      description = "Cancel the job first if it is not finished.",
      schema = @Schema(type = "boolean", defaultValue = "false"))
  @ApiResponse(responseCode = "204", description = "The job is forgotten.")
  @Refuses({
    ProblemType.INVALID_REQUEST,
    ProblemType.UNKNOWN_JOB,
    ProblemType.NOT_FINISHED,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<Void> delete(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    boolean force = Query.of(request, Set.of("force")).flag("force");
    intake.delete(callers.resolve(request), id(id), force);
    return ResponseEntity.noContent().build();
  }

  private JobView view(Job job, HttpServletRequest request) {
    return views.view(job, request.getContextPath());
  }

  /** The id; one that cannot be an id names no job. */
  static JobId id(String text) {
    if (!JobId.isValid(text)) {
      throw new IntakeException.UnknownJob(text);
    }
    return new JobId(text);
  }
}
