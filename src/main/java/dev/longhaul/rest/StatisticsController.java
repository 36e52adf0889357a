package dev.longhaul.rest;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.ops.statistics.Statistics;
import dev.longhaul.ops.statistics.StatisticsReport;
import dev.longhaul.ops.statistics.StatisticsUnavailableException;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The hourly statistics, for the operator. */
@RestController
@Tag(name = "statistics", description = "What operations did in the last hours.")
class StatisticsController {
  private static final int LONGEST = 250;

  private final Statistics statistics;

  StatisticsController(Statistics statistics) {
    this.statistics = statistics;
  }

  @GetMapping(Routes.STATISTICS)
  StatisticsReport getStatistics(
      @RequestParam(required = false) @Bounds(min = 1, max = LONGEST) @Nullable String operation,
      @RequestParam(defaultValue = "24") @Bounds(min = 1, max = Statistics.HOURS) int hours) {
    try {
      return statistics.report(hours, operation);
    } catch (StatisticsUnavailableException e) {
      throw new IntakeException(new Refusal.Unavailable(String.valueOf(e.getMessage())), e);
    }
  }
}
