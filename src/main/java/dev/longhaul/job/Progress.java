package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a running job is, as its tool last said.
 *
 * @param fraction 0 to 1, or null when the total is not known (the raw numbers are then in the
 *     message)
 * @param message what the tool is doing, or null
 */
public record Progress(@Nullable Double fraction, @Nullable String message) {
  public static final Progress NONE = new Progress(null, null);

  public Progress {
    if (fraction != null && !(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("progress must be 0 to 1, not " + fraction);
    }
  }
}
