package dev.longhaul.rest;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin.QueueView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A queue as this front door shows it. */
@Schema(name = "Queue", description = "A named queue.")
@Answer
record QueueStatus(
    String name,
    @Schema(
            description =
                "active; paused: nothing more is started from it; draining: it takes no new jobs.",
            allowableValues = {"active", "paused", "draining"})
        String state,
    @Schema(
            description = "How many jobs wait for a worker, by priority.",
            example = "{\"urgent\": 0, \"high\": 2, \"default\": 17, \"low\": 0}")
        Map<String, Long> waiting,
    @Schema(description = "How many wait because of a limit or an open circuit breaker.")
        long heldBack,
    @Schema(
            description =
                "How long the oldest waiting job has waited; 0 if none waits. An estimate where more"
                    + " than 100 callers wait.")
        double oldestWaitingSeconds) {

  static QueueStatus of(QueueView view) {
    return new QueueStatus(
        view.name(),
        view.state().name().toLowerCase(Locale.ROOT),
        byPriority(view.waiting()),
        view.heldBack(),
        view.oldestWaiting().toMillis() / 1000.0);
  }

  /** Counts of the bands by their names. */
  static Map<String, Long> byPriority(List<Long> counts) {
    Map<String, Long> waiting = new LinkedHashMap<>();
    for (int band = 0; band < counts.size(); band++) {
      waiting.put(Priority.bandName(band), counts.get(band));
    }
    return waiting;
  }

  /** All queues. */
  @Schema(name = "QueueList")
  record All(@Schema(description = "By name.") List<QueueStatus> queues) {}
}
