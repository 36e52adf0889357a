package dev.longhaul.rest;

import static dev.longhaul.queue.FlowKind.BATCH;
import static dev.longhaul.queue.FlowKind.CHAIN;
import static dev.longhaul.rest.ProblemType.ALREADY_FINISHED;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.queue.JobFilter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
 * Submits batches and chains, shows and cancels them. Each has its own operations, because their
 * answers differ and the path tells a client which one it gets.
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
  BatchView getBatch(
      @PathVariable String id,
      @RequestParam(name = "wait_seconds", defaultValue = "0")
          @Bounds(max = JobsController.LONGEST_WAIT)
          int wait,
      Caller caller,
      Routes routes)
      throws InterruptedException {
    return BatchView.of(streams.await(caller, BATCH, id, Duration.ofSeconds(wait)), routes);
  }

  @GetMapping(Routes.CHAINS + "/{id}")
  ChainView getChain(
      @PathVariable String id,
      @RequestParam(name = "wait_seconds", defaultValue = "0")
          @Bounds(max = JobsController.LONGEST_WAIT)
          int wait,
      Caller caller,
      Routes routes)
      throws InterruptedException {
    return views.chain(caller, streams.await(caller, CHAIN, id, Duration.ofSeconds(wait)), routes);
  }

  @GetMapping(Routes.BATCHES + "/{id}/results")
  FlowPage getBatchResults(
      @PathVariable String id,
      @RequestParam(defaultValue = "0") @Bounds int offset,
      @RequestParam(defaultValue = "50") @Bounds(min = 1, max = JobFilter.MAX_LIMIT) int limit,
      Caller caller) {
    return views.results(caller, FlowStreams.id(BATCH, id), offset, limit);
  }

  @GetMapping(Routes.BATCHES + "/{id}/events")
  @EventStreamAnswer
  void followBatch(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      Caller caller,
      Routes routes,
      HttpServletResponse response)
      throws InterruptedException {
    streams.write(caller, BATCH, id, lastEventId, response, batch -> BatchView.of(batch, routes));
  }

  @GetMapping(Routes.CHAINS + "/{id}/events")
  @EventStreamAnswer
  void followChain(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      Caller caller,
      Routes routes,
      HttpServletResponse response)
      throws InterruptedException {
    streams.write(
        caller, CHAIN, id, lastEventId, response, chain -> views.chain(caller, chain, routes));
  }

  @PostMapping(Routes.BATCHES + "/{id}/cancel")
  @Refuses(ALREADY_FINISHED)
  BatchView cancelBatch(@PathVariable String id, Caller caller, Routes routes) {
    return BatchView.of(flows.cancel(caller, BATCH, FlowStreams.id(BATCH, id)), routes);
  }

  @PostMapping(Routes.CHAINS + "/{id}/cancel")
  @Refuses(ALREADY_FINISHED)
  ChainView cancelChain(@PathVariable String id, Caller caller, Routes routes) {
    return views.chain(caller, flows.cancel(caller, CHAIN, FlowStreams.id(CHAIN, id)), routes);
  }
}
