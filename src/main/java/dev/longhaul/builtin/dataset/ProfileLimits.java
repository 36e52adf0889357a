package dev.longhaul.builtin.dataset;

/**
 * Limits that keep the memory of a profile constant.
 *
 * @param maxColumns the maximum number of profiled columns; a warning reports that there are more
 * @param maxRowSize the longest row, in characters for CSV and in bytes for JSON lines; longer ones
 *     are malformed
 */
public record ProfileLimits(int maxColumns, int maxRowSize) {
  /** The maximum number of fields in the header of a CSV, profiled or not; more are an error. */
  public static final int MAX_FIELDS = 100_000;

  public static final ProfileLimits DEFAULT = new ProfileLimits(256, 1 << 20);
}
