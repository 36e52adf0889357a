package dev.longhaul.ops.health;

import java.time.Instant;

/**
 * The health of the installation.
 *
 * @param healthy whether all figures are within their thresholds
 * @param at when the figures were read
 */
public record HealthReport(boolean healthy, HealthFigures figures, Instant at) {

  /** The word for clients: healthy or unhealthy. */
  public String status() {
    return healthy ? "healthy" : "unhealthy";
  }
}
