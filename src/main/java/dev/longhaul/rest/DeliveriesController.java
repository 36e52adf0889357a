package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Deliveries;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.rest.Problem.Place;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What was told of the end of jobs, batches and chains; told once more where that is asked for. */
@RestController
@Tag(name = "deliveries", description = "Webhooks and other notifications of an end.")
class DeliveriesController {
  private static final String CHANNEL = "channel";
  private static final String LIST =
      "Every delivery with its attempts, the oldest first; of the log the last 100 entries are kept,"
          + " for as long as the status.";
  private static final String REPLAY =
      "Puts new deliveries in line, of one channel or of all that it was submitted with. A webhook"
          + " has the same webhook-id again, so that its receiver knows it.";

  private final CallerResolver callers;
  private final Deliveries deliveries;
  private final RequestBodies bodies;

  DeliveriesController(Deliveries deliveries, RequestBodies bodies, CallerResolver callers) {
    this.deliveries = deliveries;
    this.bodies = bodies;
    this.callers = callers;
  }

  @GetMapping(path = Routes.JOBS + "/{id}/deliveries")
  @Operation(
      operationId = "listJobDeliveries",
      summary = "Lists what was told of a job's end",
      description = LIST)
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_JOB, ProblemType.UNAVAILABLE})
  DeliveryList ofJob(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    return list(null, JobsController.id(id), request);
  }

  @GetMapping(path = Routes.BATCHES + "/{id}/deliveries")
  @Operation(
      operationId = "listBatchDeliveries",
      summary = "Lists what was told of a batch's end",
      description = LIST)
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_BATCH, ProblemType.UNAVAILABLE})
  DeliveryList ofBatch(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    return list(FlowKind.BATCH, FlowStreams.id(FlowKind.BATCH, id), request);
  }

  @GetMapping(path = Routes.CHAINS + "/{id}/deliveries")
  @Operation(
      operationId = "listChainDeliveries",
      summary = "Lists what was told of a chain's end",
      description = LIST)
  @Refuses({ProblemType.INVALID_REQUEST, ProblemType.UNKNOWN_CHAIN, ProblemType.UNAVAILABLE})
  DeliveryList ofChain(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request) {
    return list(FlowKind.CHAIN, FlowStreams.id(FlowKind.CHAIN, id), request);
  }

  @PostMapping(path = Routes.JOBS + "/{id}/deliveries")
  @Operation(
      operationId = "replayJobDeliveries",
      summary = "Tells once more of a job's end",
      description = REPLAY,
      requestBody =
          @RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = ReplayRequest.class))))
  @ApiResponse(
      responseCode = "202",
      description = "The new deliveries are in line.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DeliveryList.class)))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.UNKNOWN_JOB,
    ProblemType.NOT_FINISHED,
    ProblemType.QUEUE_FULL,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<DeliveryList> replayJob(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    return replay(null, JobsController.id(id), request);
  }

  @PostMapping(path = Routes.BATCHES + "/{id}/deliveries")
  @Operation(
      operationId = "replayBatchDeliveries",
      summary = "Tells once more of a batch's end",
      description = REPLAY,
      requestBody =
          @RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = ReplayRequest.class))))
  @ApiResponse(
      responseCode = "202",
      description = "The new deliveries are in line.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DeliveryList.class)))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.UNKNOWN_BATCH,
    ProblemType.QUEUE_FULL,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<DeliveryList> replayBatch(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    return replay(FlowKind.BATCH, FlowStreams.id(FlowKind.BATCH, id), request);
  }

  @PostMapping(path = Routes.CHAINS + "/{id}/deliveries")
  @Operation(
      operationId = "replayChainDeliveries",
      summary = "Tells once more of a chain's end",
      description = REPLAY,
      requestBody =
          @RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = ReplayRequest.class))))
  @ApiResponse(
      responseCode = "202",
      description = "The new deliveries are in line.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DeliveryList.class)))
  @Refuses({
    ProblemType.MALFORMED_JSON,
    ProblemType.INVALID_REQUEST,
    ProblemType.UNKNOWN_CHAIN,
    ProblemType.QUEUE_FULL,
    ProblemType.UNAVAILABLE
  })
  ResponseEntity<DeliveryList> replayChain(
      @PathVariable("id") String id, @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    return replay(FlowKind.CHAIN, FlowStreams.id(FlowKind.CHAIN, id), request);
  }

  /** What a replay may say. */
  @Schema(name = "DeliveryReplay", description = "Which deliveries to repeat; may be left out.")
  record ReplayRequest(
      @Schema(description = "The only channel to use. Default: all.", example = "webhook")
          String channel) {}

  private DeliveryList list(@Nullable FlowKind kind, JobId id, HttpServletRequest request) {
    Query.of(request, Set.of());
    return DeliveryList.of(
        deliveries.list(callers.resolve(request), kind, id), request.getContextPath());
  }

  private ResponseEntity<DeliveryList> replay(
      @Nullable FlowKind kind, JobId id, HttpServletRequest request) throws IOException {
    Query.of(request, Set.of());
    boolean empty =
        request.getContentLengthLong() == 0
            || (request.getContentLengthLong() < 0
                && request.getHeader("Transfer-Encoding") == null);
    String channel = empty ? null : channel(bodies.object(request));
    return ResponseEntity.accepted()
        .body(
            DeliveryList.of(
                deliveries.replay(callers.resolve(request), kind, id, channel),
                request.getContextPath()));
  }

  private static @Nullable String channel(ObjectNode body) {
    for (String name : body.propertyNames()) {
      if (!name.equals(CHANNEL)) {
        throw new BadRequestException(
            List.of(new Place("", "unknown field; only \"channel\" can be given")));
      }
    }
    JsonNode channel = body.get(CHANNEL);
    if (channel == null || channel.isNull()) {
      return null;
    }
    if (!channel.isString() || channel.asString().isBlank()) {
      throw new BadRequestException(
          List.of(new Place("/" + CHANNEL, "must be the name of a channel, such as \"webhook\"")));
    }
    return channel.asString();
  }
}
