package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.DeadLetters;
import dev.longhaul.job.Job;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Jobs that were given up: looked at, tried again, forgotten. */
@RestController
@Tag(name = "dead letters", description = "Jobs that were given up.")
class DeadLettersController {
  private static final int DEFAULT_LIMIT = 50;

  private final CallerResolver callers;
  private final DeadLetters letters;
  private final JobViews views;
  private final RequestBodies bodies;

  DeadLettersController(
      DeadLetters letters, JobViews views, RequestBodies bodies, CallerResolver callers) {
    this.callers = callers;
    this.letters = letters;
    this.views = views;
    this.bodies = bodies;
  }

  @GetMapping(path = Routes.DEAD_LETTERS, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listDeadLetters",
      summary = "Lists dead jobs",
      description =
          "The caller's dead jobs, newest first, page by page, those that were replayed too. What"
              + " each had produced is its result, GET /jobs/{id}/result.")
  @Parameter(
      name = "tool",
      in = ParameterIn.QUERY,
      description = "Only calls of this tool.",
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
  JobList list(@Parameter(hidden = true) HttpServletRequest request) {
    Query query = Query.of(request, Set.of("tool", "cursor", "limit"));
    return views.list(
        letters.list(
            callers.resolve(request),
            query.text("tool"),
            query.text("cursor"),
            query.integer("limit", DEFAULT_LIMIT, 1, JobFilter.MAX_LIMIT)),
        request.getContextPath());
  }

  @PostMapping(
      path = Routes.DEAD_LETTERS + "/{id}/replay",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replayDeadLetter",
      summary = "Tries a dead job again",
      description =
          "As a new job with replay_of; the dead one stays, with replayed_by. It is replayed once:"
              + " asked again, the answer is the same. A replay that dies can be replayed itself.")
  @ApiResponse(
      responseCode = "202",
      description = "The new job is stored.",
      headers =
          @Header(
              name = "Location",
              description = "The new job.",
              schema = @Schema(type = "string")),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = JobView.class)))
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.NOT_DEAD, ProblemType.UNAVAILABLE})
  ResponseEntity<JobView> replay(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    Job job = letters.replay(callers.resolve(request), JobsController.id(id));
    return views.accepted(job, request.getContextPath());
  }

  @PostMapping(
      path = Routes.DEAD_LETTERS + "/replay",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replayDeadLetters",
      summary = "Tries many dead jobs again",
      description =
          "By their ids, or all of a tool that were not replayed yet, up to 100 in one request.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = DeadLetterFates.Selection.class))))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.REQUEST_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNAVAILABLE
  })
  DeadLetterFates replayMany(@Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    Query.of(request, Set.of());
    DeadLetterBatch batch = DeadLetterBatch.read(bodies.object(request), true);
    if (batch.tool() == null) {
      return DeadLetterFates.of(letters.replay(callers.resolve(request), batch.ids()), null);
    }
    var replayed = letters.replayAll(callers.resolve(request), batch.tool(), batch.cursor());
    return DeadLetterFates.of(replayed.fates(), replayed.nextCursor());
  }

  @DeleteMapping(path = Routes.DEAD_LETTERS + "/{id}")
  @Operation(
      operationId = "dropDeadLetter",
      summary = "Forgets a dead job",
      description = "Deletes it with its error and what it had produced.")
  @ApiResponse(responseCode = "204", description = "The job is forgotten.")
  @Refuses({ProblemType.UNKNOWN_JOB, ProblemType.NOT_DEAD, ProblemType.UNAVAILABLE})
  ResponseEntity<Void> drop(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    letters.drop(callers.resolve(request), JobsController.id(id));
    return ResponseEntity.noContent().build();
  }

  @PostMapping(
      path = Routes.DEAD_LETTERS + "/drop",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "dropDeadLetters",
      summary = "Forgets many dead jobs",
      description = "By their ids, up to 100 in one request.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = DeadLetterFates.Ids.class))))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.REQUEST_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNAVAILABLE
  })
  DeadLetterFates dropMany(@Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    Query.of(request, Set.of());
    DeadLetterBatch batch = DeadLetterBatch.read(bodies.object(request), false);
    return DeadLetterFates.of(letters.drop(callers.resolve(request), batch.ids()), null);
  }
}
