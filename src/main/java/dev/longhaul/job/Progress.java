package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * The last reported progress of a running job.
 *
 * @param fraction 0 to 1, rounded to four decimals, 1 only when all is done; null when the total is
 *     unknown (the raw numbers are then in the message)
 * @param message what the tool is doing, or null
 */
public record Progress(@Nullable Double fraction, @Nullable String message) {
  public static final Progress NONE = new Progress(null, null);

  /** Four decimals: as many as a person can make use of. */
  private static final double STEPS = 10_000;

  public Progress {
    if (fraction != null && !(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("progress must be 0 to 1, not " + fraction);
    }
    if (fraction != null) {
      double round = rounded(fraction);
      fraction = round == 1 && fraction < 1 ? 1 - 1 / STEPS : round;
    }
  }

  /** A number of progress as people are shown it, with four decimals at most. */
  public static double rounded(double number) {
    double steps = number * STEPS;
    return Math.abs(steps) < Long.MAX_VALUE ? Math.round(steps) / STEPS : number;
  }
}
