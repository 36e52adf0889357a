package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * The limits of a job over all workers of the installation. A job over a limit waits in a separate
 * list; it neither fails nor blocks others.
 *
 * @param concurrency how many jobs of the tool may run at once, or null for no limit
 * @param toolRate how often the tool may be called, or null for no limit
 * @param callerRate how often the caller may call anything, or null for no limit
 */
public record Limits(
    @Nullable Integer concurrency, @Nullable Rate toolRate, @Nullable Rate callerRate) {
  public static final Limits NONE = new Limits(null, null, null);

  public Limits {
    if (concurrency != null && concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, not " + concurrency);
    }
  }

  public boolean none() {
    return equals(NONE);
  }
}
