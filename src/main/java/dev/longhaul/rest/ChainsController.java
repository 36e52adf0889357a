package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Submits chains, shows them, stops them. */
@RestController
@Tag(name = "chains", description = "Jobs that use the results of those before them.")
class ChainsController {

  private final CallerResolver callers;
  private final Flows flows;
  private final FlowStreams streams;
  private final RequestBodies bodies;
  private final JsonMapper json = JsonMapper.builder().build();

  ChainsController(Flows flows, FlowStreams streams, RequestBodies bodies, CallerResolver callers) {
    this.callers = callers;
    this.flows = flows;
    this.streams = streams;
    this.bodies = bodies;
  }

  @PostMapping(path = Routes.CHAINS, consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "submitChain",
      summary = "Submits a chain",
      description =
          "Validates all of it and stores it, or nothing. Templates are checked now; arguments that"
              + " have some are checked against their tool's schema when the step starts.",
      parameters =
          @Parameter(
              name = IdempotencyHeader.NAME,
              in = ParameterIn.HEADER,
              description = "Your name for it: a string in quotes.",
              schema = @Schema(type = "string")),
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = ChainRequest.class),
                      examples =
                          @ExampleObject(
                              name = "hash what was fetched",
                              value =
                                  """
                                  {"name": "fetch and hash", "steps": [
                                     {"tool": "fetch_urls", "arguments": {"urls": ["https://example.org"]}},
                                     {"tool": "compute_hash",
                                      "arguments": {"data": "{{RESULT_FROM_PREVIOUS}}"}}]}
                                  """))))
  @ApiResponse(
      responseCode = "202",
      description = "The chain is stored.",
      headers =
          @Header(name = "Location", description = "The chain.", schema = @Schema(type = "string")),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = ChainView.class)))
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
  ResponseEntity<ChainView> submit(@Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    FlowRequestBody body =
        FlowRequestBody.of(bodies.object(request), IdempotencyHeader.of(request));
    Caller caller = callers.resolve(request);
    FlowView chain = flows.submit(caller, FlowKind.CHAIN, body.definition(), body.key());
    ChainView view = view(caller, chain, request.getContextPath());
    return ResponseEntity.accepted().location(URI.create(view.links().self())).body(view);
  }

  @GetMapping(path = Routes.CHAINS + "/{id}")
  @Operation(
      operationId = "getChain",
      summary = "Shows a chain",
      description = "With wait_seconds the answer waits for its end, but no longer than that.")
  @Parameter(
      name = "wait_seconds",
      in = ParameterIn.QUERY,
      description = "How long to wait for the chain's end.",
      schema = @Schema(type = "integer", minimum = "0", maximum = "300", defaultValue = "0"))
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_CHAIN, ProblemType.UNAVAILABLE})
  ChainView chain(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws InterruptedException {
    Caller caller = callers.resolve(request);
    return view(
        caller, streams.show(caller, FlowKind.CHAIN, id, request), request.getContextPath());
  }

  @GetMapping(path = Routes.CHAINS + "/{id}/events")
  @Operation(
      operationId = "followChain",
      summary = "Follows a chain",
      description =
          "Server-sent events as for a batch: result for each step that has ended, progress with"
              + " the counts, and at last end with the whole chain.")
  @ApiResponse(
      responseCode = "200",
      description = "The events, until the chain has ended.",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples =
                  @ExampleObject(
                      "event: progress\ndata: {\"state\":\"running\",\"total\":3,\"completed\":1,\"failed\":0,\"cancelled\":0,\"progress\":0.33}\n\n")))
  @Refuses({ProblemType.UNKNOWN_CHAIN, ProblemType.UNAVAILABLE})
  void events(
      @PathVariable("id") String id,
      @Parameter(hidden = true) HttpServletRequest request,
      @Parameter(hidden = true) HttpServletResponse response)
      throws InterruptedException {
    Caller caller = callers.resolve(request);
    String context = request.getContextPath();
    streams.write(
        caller, FlowKind.CHAIN, id, request, response, view -> view(caller, view, context));
  }

  @PostMapping(path = Routes.CHAINS + "/{id}/cancel")
  @Operation(
      operationId = "cancelChain",
      summary = "Cancels a chain",
      description = "The step that runs is told to stop, those behind it never start.")
  @Refuses({ProblemType.UNKNOWN_CHAIN, ProblemType.ALREADY_FINISHED, ProblemType.UNAVAILABLE})
  ChainView cancel(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    Query.of(request, Set.of());
    Caller caller = callers.resolve(request);
    return view(
        caller,
        flows.cancel(caller, FlowKind.CHAIN, FlowStreams.id(FlowKind.CHAIN, id)),
        request.getContextPath());
  }

  private ChainView view(Caller caller, FlowView chain, String contextPath) {
    List<FlowChild> steps =
        flows.children(caller, FlowKind.CHAIN, chain.id(), 0, JobFilter.MAX_LIMIT);
    boolean completed = chain.state() == FlowState.COMPLETED;
    int failed =
        steps.stream()
            .filter(step -> step.end() == FlowChild.End.FAILED)
            .mapToInt(FlowChild::index)
            .findFirst()
            .orElse(-1);
    return ChainView.of(
        chain,
        steps,
        completed ? document(caller, chain, steps.size() - 1) : null,
        failed < 0 ? null : document(caller, chain, failed),
        contextPath);
  }

  private @Nullable String document(Caller caller, FlowView chain, int step) {
    for (FlowResult result : flows.results(caller, FlowKind.CHAIN, chain.id(), step, 1, 1)) {
      Outcome outcome = result.outcome();
      return outcome == null ? null : ResultDocument.of(outcome, json).json();
    }
    return null;
  }
}
