package dev.longhaul.rest;

import dev.longhaul.intake.Deliveries.Delivery;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Deliveries as this front door shows them. */
@Schema(name = "Deliveries", description = "What was told of an end, the oldest first.")
record DeliveryList(List<DeliveryView> deliveries) {

  static DeliveryList of(List<Delivery> deliveries, Routes routes) {
    return new DeliveryList(
        deliveries.stream().map(delivery -> DeliveryView.of(delivery, routes)).toList());
  }

  /** One delivery. */
  @Schema(name = "Delivery", description = "A job that tells of an end on one channel.")
  @Answer
  record DeliveryView(
      @Schema(description = "The job that delivers: /jobs/{id} shows, cancels, deletes it.")
          String id,
      @Schema(example = "webhook") String channel,
      @Schema(example = "job.completed") String event,
      @Schema(allowableValues = {"pending", "delivered", "failed"}) String state,
      @Timestamp @Nullable Instant createdAt,
      @Timestamp @Schema(description = "When it is tried again; null if it does not wait for that.")
          @Nullable Instant nextAttemptAt,
      List<AttemptView> attempts,
      @Schema(description = "The job that delivers.") String job) {

    static DeliveryView of(Delivery delivery, Routes routes) {
      return new DeliveryView(
          delivery.id().value(),
          delivery.channel(),
          delivery.event(),
          delivery.state().name().toLowerCase(Locale.ROOT),
          delivery.createdAt(),
          delivery.nextAttemptAt(),
          delivery.attempts().stream().map(AttemptView::of).toList(),
          routes.job(delivery.id().value()));
    }
  }

  /** One attempt. */
  @Schema(name = "DeliveryAttempt", description = "One attempt to deliver.")
  @Answer
  record AttemptView(
      int attempt,
      @Timestamp Instant at,
      long durationMs,
      @Schema(description = "The HTTP status of the answer, if there was one.")
          @Nullable Integer status,
      @Schema(description = "What was wrong; null if it was delivered.", example = "HTTP_503")
          @Nullable String error,
      @Nullable String message) {

    static AttemptView of(DeliveryEntry entry) {
      DeliveryEntry.Attempt attempt = entry.attempt();
      return attempt == null
          ? new AttemptView(0, entry.at(), 0, null, null, null)
          : new AttemptView(
              attempt.number(),
              entry.at(),
              attempt.took().toMillis(),
              attempt.status(),
              attempt.error(),
              attempt.message());
    }
  }
}
