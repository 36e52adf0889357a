package dev.longhaul.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;

/**
 * The elapsed and remaining time of an attempt, without the time spent waiting for the client's
 * answers.
 *
 * @param elapsedSeconds the time since it began
 * @param timeoutSeconds its time-out
 * @param headroomSeconds the remaining time; 0 if it has timed out
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
   * The timing for a time-out and the remaining time.
   *
   * @param left negative if it has timed out
   */
  public static Timing of(Duration timeout, Duration left) {
    return new Timing(seconds(timeout.minus(left)), seconds(timeout), Math.max(0, seconds(left)));
  }

  // The time-out may be longer than a long can hold in milliseconds.
  private static double seconds(Duration time) {
    return (time.compareTo(LONGEST) > 0 ? LONGEST : time).toMillis() / MILLIS;
  }

  /** Whether more than 80 % of the time-out is used. */
  public boolean scarce() {
    return elapsedSeconds > SCARCE * timeoutSeconds;
  }
}
