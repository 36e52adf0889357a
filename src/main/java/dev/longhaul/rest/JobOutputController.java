package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.NOT_FINISHED;
import static dev.longhaul.rest.ProblemType.RESULT_EXPIRED;
import static dev.longhaul.rest.ProblemType.UNKNOWN_JOB;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Utf8;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What a job says while it runs, and its result. */
@RestController
@Tag(name = "jobs")
class JobOutputController {
  private static final Logger log = LoggerFactory.getLogger(JobOutputController.class);

  private final Operations operations;
  private final JobFeeds feeds;
  private final JobViews views;
  private final RestProperties properties;
  private final JsonMapper json = JsonMapper.builder().build();

  JobOutputController(
      Operations operations, JobFeeds feeds, JobViews views, RestProperties properties) {
    this.operations = operations;
    this.feeds = feeds;
    this.views = views;
    this.properties = properties;
  }

  @GetMapping(Routes.JOBS + "/{id}/partial")
  @Operation(
      summary = "Reads what a job has so far",
      description =
          "While it runs, what its tool last reported as its partial result, at most some seconds ago"
              + " and up to 1,000,000 characters; of a failed, dead or cancelled job what it left.")
  @Refuses(UNKNOWN_JOB)
  PartialView getJobPartial(@PathVariable("id") String id, Caller caller) {
    Job job = operations.job(caller, JobsController.id(id));
    return PartialView.of(job, operations.partial(caller, job).orElse(null));
  }

  @GetMapping(Routes.JOBS + "/{id}/result")
  @Operation(
      summary = "Reads a job's result",
      description =
          "Of a completed job: the method's result exactly as MCP would give it, for tools/call the"
              + " tool's, isError included. Of a failed, dead or cancelled one: {state, error, partial}. With pointer,"
              + " offset or limit, and of a result over longhaul.rest.max-response-size, a page of"
              + " that: {job_id, state, pointer, kind, offset, limit, total, has_more, next_offset,"
              + " data, links}; the header Longhaul-Result-Page says so.")
  @ApiResponse(
      responseCode = "200",
      description = "How the job ended.",
      headers = {
        @Header(
            name = ResultDocument.STATE,
            description = "completed, failed, dead or cancelled",
            required = true,
            schema = @Schema(type = "string")),
        @Header(
            name = ResultPages.PAGE,
            description = "true if the body is a page",
            schema = @Schema(type = "string"))
      },
      content =
          @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
  @Refuses({UNKNOWN_JOB, NOT_FINISHED, RESULT_EXPIRED})
  ResponseEntity<byte[]> getJobResult(
      @PathVariable("id") String id,
      @RequestParam(name = "pointer", required = false) @Size(max = ResultPage.LONGEST_POINTER)
          @Nullable String pointer,
      @RequestParam(name = "offset", required = false) @Min(0) @Nullable Integer offset,
      @RequestParam(name = "limit", required = false) @Min(1) @Max(ResultPage.MOST)
          @Nullable Integer limit,
      Caller caller,
      Routes routes) {
    JobId job = JobsController.id(id);
    var document = ResultDocument.of(operations.outcome(caller, job), json);
    var answer =
        ResponseEntity.ok()
            .contentType(MediaType.APPLICATION_JSON)
            .header(ResultDocument.STATE, document.state());
    boolean whole = pointer == null && offset == null && limit == null;
    if (whole && Utf8.length(document.json()) <= properties.maxResponseSize().toBytes()) {
      return answer.body(document.json().getBytes(StandardCharsets.UTF_8));
    }
    var asked = new ResultPage.Asked(pointer, offset == null ? 0 : offset, limit);
    String page = new ResultPages(properties.maxResponseSize(), routes).page(job, document, asked);
    return answer.header(ResultPages.PAGE, "true").body(page.getBytes(StandardCharsets.UTF_8));
  }

  @GetMapping(Routes.JOBS + "/{id}/events")
  @Operation(
      summary = "Follows a job",
      description =
          "Server-sent events: state, progress and message at once and at every change, and at last"
              + " end with the whole job. A comment every now and then keeps the connection alive.")
  @EventStreamAnswer
  @Refuses(UNKNOWN_JOB)
  void followJob(
      @PathVariable("id") String id, Caller caller, Routes routes, HttpServletResponse response)
      throws InterruptedException {
    JobId job = JobsController.id(id);
    try (JobFeed feed = feeds.open(caller, job)) {
      new JobEvents(properties.keepAlive(), j -> views.view(j, routes))
          .write(feed, new EventStream(response, json));
    } catch (IOException e) {
      log.debug("The client that followed job {} is gone", job);
    }
  }
}
