package dev.longhaul.rest;

import static dev.longhaul.queue.FlowKind.BATCH;
import static dev.longhaul.queue.FlowKind.CHAIN;
import static dev.longhaul.rest.ProblemType.ALREADY_FINISHED;
import static dev.longhaul.rest.ProblemType.IDEMPOTENCY_CONFLICT;
import static dev.longhaul.rest.ProblemType.INVALID_ARGUMENTS;
import static dev.longhaul.rest.ProblemType.QUEUE_DRAINING;
import static dev.longhaul.rest.ProblemType.QUEUE_FULL;
import static dev.longhaul.rest.ProblemType.UNKNOWN_BATCH;
import static dev.longhaul.rest.ProblemType.UNKNOWN_CHAIN;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submits batches and chains, shows them, stops them. Two operations each, because their answers
 * differ and a client is to know by the path which one it gets.
 */
@RestController
@Tag(
    name = "flows",
    description = "Many jobs as one: batches, and chains of jobs that use results.")
class FlowsController {
  private final Flows flows;
  private final FlowViews views;
  private final FlowStreams streams;

  FlowsController(Flows flows, FlowViews views, FlowStreams streams) {
    this.flows = flows;
    this.views = views;
    this.streams = streams;
  }

  @PostMapping(path = Routes.BATCHES, consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Submits a batch",
      description =
          "Validates all of it and stores it, or nothing. When the answer arrives it is durable."
              + " Repeated under the same idempotency key with the same content, it answers with"
              + " the same batch, also if the first request was cut off.")
  @Refuses({INVALID_ARGUMENTS, IDEMPOTENCY_CONFLICT, QUEUE_FULL, QUEUE_DRAINING})
  ResponseEntity<BatchView> submitBatch(
      @JsonBody("batch.json") ObjectNode definition,
      HttpServletRequest request,
      Caller caller,
      Routes routes) {
    BatchView batch =
        BatchView.of(
            flows.submit(caller, BATCH, definition, IdempotencyHeader.of(request)), routes);
    return ResponseEntity.accepted().location(URI.create(batch.links().self())).body(batch);
  }

  @PostMapping(path = Routes.CHAINS, consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Submits a chain",
      description =
          "Validates all of it and stores it, or nothing. Templates are checked now; arguments that"
              + " have some are checked against their tool's schema when the step starts.")
  @Refuses({INVALID_ARGUMENTS, IDEMPOTENCY_CONFLICT, QUEUE_FULL, QUEUE_DRAINING})
  ResponseEntity<ChainView> submitChain(
      @JsonBody("chain.json") ObjectNode definition,
      HttpServletRequest request,
      Caller caller,
      Routes routes) {
    ChainView chain =
        views.chain(
            caller, flows.submit(caller, CHAIN, definition, IdempotencyHeader.of(request)), routes);
    return ResponseEntity.accepted().location(URI.create(chain.links().self())).body(chain);
  }

  @GetMapping(Routes.BATCHES + "/{id}")
  @Operation(
      summary = "Shows a batch",
      description = "With wait_seconds the answer waits for its end, but no longer than that.")
  @Refuses(UNKNOWN_BATCH)
  BatchView getBatch(
      @PathVariable("id") String id,
      @RequestParam(name = "wait_seconds", defaultValue = "0")
          @Min(0)
          @Max(JobsController.LONGEST_WAIT)
          int wait,
      Caller caller,
      Routes routes)
      throws InterruptedException {
    return BatchView.of(streams.await(caller, BATCH, id, Duration.ofSeconds(wait)), routes);
  }

  @GetMapping(Routes.CHAINS + "/{id}")
  @Operation(
      summary = "Shows a chain",
      description = "With wait_seconds the answer waits for its end, but no longer than that.")
  @Refuses(UNKNOWN_CHAIN)
  ChainView getChain(
      @PathVariable("id") String id,
      @RequestParam(name = "wait_seconds", defaultValue = "0")
          @Min(0)
          @Max(JobsController.LONGEST_WAIT)
          int wait,
      Caller caller,
      Routes routes)
      throws InterruptedException {
    return views.chain(caller, streams.await(caller, CHAIN, id, Duration.ofSeconds(wait)), routes);
  }

  @GetMapping(Routes.BATCHES + "/{id}/results")
  @Operation(
      summary = "Reads the results of a batch",
      description =
          "Its jobs in their order, with the results of those that have ended. A page of large"
              + " results ends early; go on with next_offset.")
  @Refuses(UNKNOWN_BATCH)
  FlowPage getBatchResults(
      @PathVariable("id") String id,
      @RequestParam(name = "offset", defaultValue = "0") @Min(0) int offset,
      @RequestParam(name = "limit", defaultValue = "50") @Min(1) @Max(JobFilter.MAX_LIMIT)
          int limit,
      Caller caller) {
    return views.results(caller, FlowStreams.id(BATCH, id), offset, limit);
  }

  @GetMapping(Routes.BATCHES + "/{id}/events")
  @Operation(
      summary = "Follows a batch",
      description =
          "Server-sent events: result for each job that has ended, in the order in which they did,"
              + " progress with the counts, and at last end with the whole batch. With the header"
              + " Last-Event-ID, the id of the last result that was read, it goes on from there.")
  @EventStreamAnswer
  @Refuses(UNKNOWN_BATCH)
  void followBatch(
      @PathVariable("id") String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      Caller caller,
      Routes routes,
      HttpServletResponse response)
      throws InterruptedException {
    streams.write(caller, BATCH, id, lastEventId, response, batch -> BatchView.of(batch, routes));
  }

  @GetMapping(Routes.CHAINS + "/{id}/events")
  @Operation(
      summary = "Follows a chain",
      description =
          "Server-sent events as for a batch: result for each step that has ended, progress with"
              + " the counts, and at last end with the whole chain.")
  @EventStreamAnswer
  @Refuses(UNKNOWN_CHAIN)
  void followChain(
      @PathVariable("id") String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      Caller caller,
      Routes routes,
      HttpServletResponse response)
      throws InterruptedException {
    streams.write(
        caller, CHAIN, id, lastEventId, response, chain -> views.chain(caller, chain, routes));
  }

  @PostMapping(Routes.BATCHES + "/{id}/cancel")
  @Operation(
      summary = "Cancels a batch",
      description = "With all its jobs that have not ended; running ones are told to stop.")
  @Refuses({UNKNOWN_BATCH, ALREADY_FINISHED})
  BatchView cancelBatch(@PathVariable("id") String id, Caller caller, Routes routes) {
    return BatchView.of(flows.cancel(caller, BATCH, FlowStreams.id(BATCH, id)), routes);
  }

  @PostMapping(Routes.CHAINS + "/{id}/cancel")
  @Operation(
      summary = "Cancels a chain",
      description = "The step that runs is told to stop, those behind it never start.")
  @Refuses({UNKNOWN_CHAIN, ALREADY_FINISHED})
  ChainView cancelChain(@PathVariable("id") String id, Caller caller, Routes routes) {
    return views.chain(caller, flows.cancel(caller, CHAIN, FlowStreams.id(CHAIN, id)), routes);
  }
}
