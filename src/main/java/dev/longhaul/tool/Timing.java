package dev.longhaul.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;

/**
 * How a call's attempt stands with its time. Time spent waiting for the client's answers does not
 * count.
 *
 * @param elapsedSeconds since it began
 * @param timeoutSeconds how long it may take
 * @param headroomSeconds how long it still has; 0 if its time is over
 */
@JsonPropertyOrder({"elapsed_seconds", "timeout_seconds", "headroom_seconds"})
public record Timing(
    @JsonProperty("elapsed_seconds") double elapsedSeconds,
    @JsonProperty("timeout_seconds") double timeoutSeconds,
    @JsonProperty("headroom_seconds") double headroomSeconds) {
  private static final double SCARCE = 0.8;
  private static final double MILLIS = 1_000;
  private static final Duration LONGEST = Duration.ofDays(365_000);

  /**
   * Of a time-out and how much of it is left.
   *
   * @param left negative if the time is over
   */
  public static Timing of(Duration timeout, Duration left) {
    return new Timing(seconds(timeout.minus(left)), seconds(timeout), Math.max(0, seconds(left)));
  }

  // A test's time-out may be longer than a long has milliseconds.
  private static double seconds(Duration time) {
    return (time.compareTo(LONGEST) > 0 ? LONGEST : time).toMillis() / MILLIS;
  }

  /** Whether more than 80 % of the time-out is used. */
  public boolean scarce() {
    return elapsedSeconds > SCARCE * timeoutSeconds;
  }
}
