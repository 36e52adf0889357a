package dev.longhaul.rest;

import dev.longhaul.queue.QueueAdmin.CallerPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One page of the callers whose jobs wait in a queue. */
@Answer
record QueueCallers(
    @Schema(description = "By name.") List<CallerWaiting> callers,
    @Schema(description = "Pass it as cursor for the next page; null at the end.")
        @Nullable String nextCursor) {

  /** What waits of one caller. */
  @Answer
  @Schema(name = "CallerWaiting", description = "What waits of one caller.")
  record CallerWaiting(
      @Schema(
              description =
                  "The owner of the jobs; *: jobs that were submitted while callers took no turns;"
                      + " ~internal: deliveries of webhooks.")
          String caller,
      @Schema(
              description = "How many of its jobs wait for a worker, by priority.",
              example = "{\"urgent\": 0, \"high\": 2, \"default\": 17, \"low\": 0}")
          Map<String, Long> waiting) {}

  static QueueCallers of(CallerPage page) {
    return new QueueCallers(
        page.callers().stream()
            .map(one -> new CallerWaiting(one.caller(), QueueStatus.byPriority(one.waiting())))
            .toList(),
        page.nextCursor());
  }
}
