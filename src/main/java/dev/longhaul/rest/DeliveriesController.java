package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.NOT_FINISHED;
import static dev.longhaul.rest.ProblemType.QUEUE_FULL;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Deliveries;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists the notifications about the end of a job, batch or chain, and sends them again. */
@RestController
@Tag(name = "deliveries", description = "Webhooks and other notifications of an end.")
class DeliveriesController {
  private static final String PATH = Routes.BASE + "/{kind:" + Whose.PATTERN + "}/{id}/deliveries";

  private final Deliveries deliveries;

  DeliveriesController(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  /** The kinds of what can end; their names are those in the paths. */
  enum Whose {
    JOBS(null),
    BATCHES(FlowKind.BATCH),
    CHAINS(FlowKind.CHAIN);

    static final String PATTERN = "jobs|batches|chains";

    private final @Nullable FlowKind kind;

    Whose(@Nullable FlowKind kind) {
      this.kind = kind;
    }

    static Whose of(String path) {
      return valueOf(path.toUpperCase(Locale.ROOT));
    }

    JobId id(String text) {
      return kind == null ? JobsController.id(text) : FlowStreams.id(kind, text);
    }
  }

  @GetMapping(PATH)
  DeliveryList listDeliveries(
      @PathVariable String kind, @PathVariable String id, Caller caller, Routes routes) {
    Whose whose = Whose.of(kind);
    return DeliveryList.of(deliveries.list(caller, whose.kind, whose.id(id)), routes);
  }

  @PostMapping(PATH)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Refuses({NOT_FINISHED, QUEUE_FULL})
  DeliveryList replayDeliveries(
      @PathVariable String kind,
      @PathVariable String id,
      @JsonBody(value = "delivery-replay.json", required = false) @Nullable Replay replay,
      Caller caller,
      Routes routes) {
    Whose whose = Whose.of(kind);
    JobId known = whose.id(id);
    String channel = replay == null ? null : replay.channel();
    return DeliveryList.of(deliveries.replay(caller, whose.kind, known, channel), routes);
  }

  /** Which deliveries to repeat: those of one channel, or of all. */
  record Replay(@Nullable String channel) {}
}
