package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobFilter;
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
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Submits batches, shows them, stops them. */
@RestController
@Tag(name = "batches", description = "Many jobs submitted, followed and stopped as one.")
class BatchesController {
  private static final int DEFAULT_LIMIT = 50;
  private static final long PAGE_CHARS = 4_000_000;

  private final CallerResolver callers;
  private final Flows flows;
  private final FlowStreams streams;
  private final RequestBodies bodies;
  private final JsonMapper json = JsonMapper.builder().build();

  BatchesController(
      Flows flows, FlowStreams streams, RequestBodies bodies, CallerResolver callers) {
    this.callers = callers;
    this.flows = flows;
    this.streams = streams;
    this.bodies = bodies;
  }

  @PostMapping(path = Routes.BATCHES, consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "submitBatch",
      summary = "Submits a batch",
      description =
          "Validates all of it and stores it, or nothing. When the answer arrives it is durable."
              + " Repeated under the same idempotency key with the same content, it answers with"
              + " the same batch, also if the first request was cut off.",
      parameters =
          @Parameter(
              name = IdempotencyHeader.NAME,
              in = ParameterIn.HEADER,
              description = "Your name for it: a string in quotes.",
              example = "\"nightly-2026-11-21\"",
              schema = @Schema(type = "string")),
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = BatchRequest.class),
                      examples =
                          @ExampleObject(
                              name = "two calls, one afterwards",
                              value =
                                  """
                                  {"name": "nightly", "allow_failures": true,
                                   "jobs": [
                                     {"tool": "profile_dataset", "arguments": {"path": "a.csv"}},
                                     {"tool": "profile_dataset", "arguments": {"path": "b.csv"}}],
                                   "finally": [{"tool": "compute_hash",
                                     "arguments": {"data": "batch {{flow#/id}} is {{flow#/state}}"}}]}
                                  """))))
  @ApiResponse(
      responseCode = "202",
      description = "The batch is stored.",
      headers =
          @Header(name = "Location", description = "The batch.", schema = @Schema(type = "string")),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = BatchView.class)))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.REQUEST_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.INVALID_ARGUMENTS,
    ProblemType.IDEMPOTENCY_CONFLICT,
    ProblemType.QUEUE_FULL,
    ProblemType.QUEUE_DRAINING,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<BatchView> submit(@Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    FlowRequestBody body =
        FlowRequestBody.of(bodies.object(request), IdempotencyHeader.of(request));
    FlowView batch =
        flows.submit(callers.resolve(request), FlowKind.BATCH, body.definition(), body.key());
    BatchView view = BatchView.of(batch, request.getContextPath());
    return ResponseEntity.accepted().location(URI.create(view.links().self())).body(view);
  }

  @GetMapping(path = Routes.BATCHES + "/{id}")
  @Operation(
      operationId = "getBatch",
      summary = "Shows a batch",
      description = "With wait_seconds the answer waits for its end, but no longer than that.")
  @Parameter(
      name = "wait_seconds",
      in = ParameterIn.QUERY,
      description = "How long to wait for the batch's end.",
      schema = @Schema(type = "integer", minimum = "0", maximum = "300", defaultValue = "0"))
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_BATCH, ProblemType.UNAVAILABLE})
  BatchView batch(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws InterruptedException {
    Caller caller = callers.resolve(request);
    return BatchView.of(
        streams.show(caller, FlowKind.BATCH, id, request), request.getContextPath());
  }

  @GetMapping(path = Routes.BATCHES + "/{id}/results")
  @Operation(
      operationId = "getBatchResults",
      summary = "Reads the results of a batch",
      description =
          "Its jobs in their order, with the results of those that have ended. A page of large"
              + " results ends early; go on with next_offset.")
  @Parameter(
      name = "offset",
      in = ParameterIn.QUERY,
      description = "The first job, counted from 0.",
      schema = @Schema(type = "integer", minimum = "0", defaultValue = "0"))
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "How many jobs at most.",
      schema = @Schema(type = "integer", minimum = "1", maximum = "500", defaultValue = "50"))
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_BATCH, ProblemType.UNAVAILABLE})
  FlowPage results(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query query = Query.of(request, Set.of("offset", "limit"));
    int offset = query.integer("offset", 0, 0, Integer.MAX_VALUE);
    int limit = query.integer("limit", DEFAULT_LIMIT, 1, JobFilter.MAX_LIMIT);
    Caller caller = callers.resolve(request);
    JobId known = FlowStreams.id(FlowKind.BATCH, id);
    int total = BatchView.total(flows.find(caller, FlowKind.BATCH, known));
    List<FlowResult> results =
        flows.results(caller, FlowKind.BATCH, known, offset, limit, PAGE_CHARS);
    boolean more = !results.isEmpty() && offset + results.size() < total;
    return new FlowPage(
        results.stream().map(result -> FlowItem.of(result, json)).toList(),
        offset,
        total,
        more,
        more ? offset + results.size() : null);
  }

  @GetMapping(path = Routes.BATCHES + "/{id}/events")
  @Operation(
      operationId = "followBatch",
      summary = "Follows a batch",
      description =
          "Server-sent events: result for each job that has ended, in the order in which they did,"
              + " progress with the counts, and at last end with the whole batch. With the header"
              + " Last-Event-ID, the id of the last result that was read, it goes on from there.")
  @ApiResponse(
      responseCode = "200",
      description = "The events, until the batch has ended.",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples =
                  @ExampleObject(
                      "id: 1\nevent: result\ndata: {\"index\":4,\"id\":\"…\",\"state\":\"completed\",\"result\":{}}\n\n")))
  @Refuses({ProblemType.UNKNOWN_BATCH, ProblemType.UNAVAILABLE})
  void events(
      @PathVariable("id") String id,
      @Parameter(hidden = true) HttpServletRequest request,
      @Parameter(hidden = true) HttpServletResponse response)
      throws InterruptedException {
    String context = request.getContextPath();
    streams.write(
        callers.resolve(request),
        FlowKind.BATCH,
        id,
        request,
        response,
        view -> BatchView.of(view, context));
  }

  @PostMapping(path = Routes.BATCHES + "/{id}/cancel")
  @Operation(
      operationId = "cancelBatch",
      summary = "Cancels a batch",
      description = "With all its jobs that have not ended; running ones are told to stop.")
  @Refuses({ProblemType.UNKNOWN_BATCH, ProblemType.ALREADY_FINISHED, ProblemType.UNAVAILABLE})
  BatchView cancel(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    return BatchView.of(
        flows.cancel(callers.resolve(request), FlowKind.BATCH, FlowStreams.id(FlowKind.BATCH, id)),
        request.getContextPath());
  }
}
