package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a job says while it runs, and its result. */
@RestController
@Tag(name = "jobs")
class JobOutputController {
  private static final Logger log = LoggerFactory.getLogger(JobOutputController.class);

  private final CallerResolver callers;
  private final Intake intake;
  private final JobFeeds feeds;
  private final JobViews views;
  private final RestProperties properties;
  private final JsonMapper json = JsonMapper.builder().build();

  JobOutputController(
      Intake intake,
      JobFeeds feeds,
      JobViews views,
      RestProperties properties,
      CallerResolver callers) {
    this.callers = callers;
    this.intake = intake;
    this.feeds = feeds;
    this.views = views;
    this.properties = properties;
  }

  @GetMapping(path = Routes.JOBS + "/{id}/partial")
  @Operation(
      operationId = "getJobPartial",
      summary = "Reads what a job has so far",
      description =
          "While it runs, what its tool last reported as its partial result, at most some seconds ago"
              + " and up to 1,000,000 characters; of a failed, dead or cancelled job what it left."
              + " partial is null if the tool reported nothing, and of a completed job, which has a"
              + " result.")
  @ApiResponse(
      responseCode = "200",
      description = "What there is.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(type = "object"),
              examples =
                  @ExampleObject(
                      value =
                          """
                          {"job_id": "…", "state": "running",
                           "partial": {"processed": 70, "total": 100, "remaining": 30, "value": {"rows": 70}}}
                          """)))
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.UNAVAILABLE})
  ObjectNode partial(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Caller caller = callers.resolve(request);
    Job job = intake.job(caller, JobsController.id(id));
    ObjectNode document =
        json.createObjectNode().put("job_id", job.id().value()).put("state", job.state().wire());
    document.set(
        "partial",
        intake
            .partial(caller, job)
            .<JsonNode>map(partial -> ResultDocument.partial(partial, json))
            .orElseGet(json::nullNode));
    return document;
  }

  @GetMapping(path = Routes.JOBS + "/{id}/result")
  @Operation(
      operationId = "getJobResult",
      summary = "Reads a job's result",
      description =
          "Of a completed job: the method's result exactly as MCP would give it, for tools/call the"
              + " tool's, isError included. Of a failed, dead or cancelled one: {state, error, partial}. With pointer,"
              + " offset or limit, and of a result over longhaul.rest.max-response-size, a page of"
              + " that: {job_id, state, pointer, kind, offset, limit, total, has_more, next_offset,"
              + " data, links}; the header Longhaul-Result-Page says so.")
  @Parameter(
      name = "pointer",
      in = ParameterIn.QUERY,
      description =
          "JSON Pointer to what is paged: an array by elements, a text by characters, anything else"
              + " as JSON text. Without it the whole result as JSON text.",
      example = "/structuredContent/data/rows",
      schema = @Schema(type = "string", maxLength = 1000))
  @Parameter(
      name = "offset",
      in = ParameterIn.QUERY,
      description = "Where the page begins.",
      schema = @Schema(type = "integer", minimum = "0", defaultValue = "0"))
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "How much a page has at most; without it 100 elements or 100,000 characters.",
      schema = @Schema(type = "integer", minimum = "1", maximum = "1000000"))
  @ApiResponse(
      responseCode = "200",
      description = "How the job ended.",
      headers = {
        @Header(
            name = ResultDocument.STATE,
            description = "completed, failed, dead or cancelled",
            schema = @Schema(type = "string")),
        @Header(
            name = ResultPages.PAGE,
            description = "true if the body is a page",
            schema = @Schema(type = "string"))
      },
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(type = "object"),
              examples = {
                @ExampleObject(
                    name = "completed",
                    value = "{\"content\": [{\"type\": \"text\", \"text\": \"42\"}]}"),
                @ExampleObject(
                    name = "cancelled",
                    value =
                        """
                        {"state": "cancelled",
                         "error": {"code": "CANCELLED", "type": "cancelled", "message": "The job was cancelled.",
                                   "remediation": "Submit it again if its result is still wanted."},
                         "partial": {"processed": 70, "total": 100, "remaining": 30, "value": {"rows": 70}}}
                        """),
                @ExampleObject(
                    name = "a page",
                    value =
                        """
                        {"job_id": "…", "state": "completed", "pointer": "/structuredContent/data/rows",
                         "kind": "array", "offset": 0, "limit": 2, "total": 3, "has_more": true,
                         "next_offset": 2, "data": [{"n": 1}, {"n": 2}],
                         "links": {"job": "…", "next": "…"}}
                        """)
              }))
  @Refuses({
    ProblemType.INVALID_REQUEST,
    ProblemType.UNKNOWN_JOB,
    ProblemType.NOT_FINISHED,
    ProblemType.RESULT_EXPIRED,
    ProblemType.UNAVAILABLE
  })
  void result(
      @PathVariable("id") String id,
      @Parameter(hidden = true) HttpServletRequest request,
      @Parameter(hidden = true) HttpServletResponse response)
      throws IOException {
    var asked = ResultPages.asked(request);
    JobId job = JobsController.id(id);
    var document = ResultDocument.of(intake.outcome(callers.resolve(request), job), json);
    String body = document.json();
    if (asked.isPresent() || ResultPage.utf8(body) > properties.maxResponseSize().toBytes()) {
      body =
          new ResultPages(properties.maxResponseSize(), request.getContextPath())
              .page(job, document, asked.orElse(ResultPages.FIRST));
      response.setHeader(ResultPages.PAGE, "true");
    }
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setHeader(ResultDocument.STATE, document.state());
    response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
  }

  @GetMapping(path = Routes.JOBS + "/{id}/events")
  @Operation(
      operationId = "followJob",
      summary = "Follows a job",
      description =
          "Server-sent events: state, progress and message at once and at every change, and at last"
              + " end with the whole job. A comment every now and then keeps the connection alive.")
  @ApiResponse(
      responseCode = "200",
      description = "The events, until the job has ended.",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples =
                  @ExampleObject(
                      "event: progress\ndata: {\"progress\":0.4,\"message\":\"reading\"}\n\n")))
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.UNAVAILABLE})
  void events(
      @PathVariable("id") String id,
      @Parameter(hidden = true) HttpServletRequest request,
      @Parameter(hidden = true) HttpServletResponse response)
      throws InterruptedException {
    Query.of(request, Set.of());
    JobId job = JobsController.id(id);
    String context = request.getContextPath();
    try (JobFeed feed = feeds.open(callers.resolve(request), job)) {
      new JobEvents(properties.keepAlive(), j -> views.view(j, context))
          .write(feed, new EventStream(response, json));
    } catch (IOException e) {
      log.debug("The client that followed job {} is gone", job);
    }
  }
}
