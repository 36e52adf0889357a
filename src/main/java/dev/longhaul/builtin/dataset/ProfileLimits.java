package dev.longhaul.builtin.dataset;

/**
 * What keeps a profile's memory constant.
 *
 * @param maxColumns columns that are profiled; more are counted and named in a warning
 * @param maxRowSize longest row, in characters of CSV and in bytes of JSON lines; longer ones are
 *     malformed
 */
public record ProfileLimits(int maxColumns, int maxRowSize) {
  /** Fields that the header of a CSV may have, profiled or not; more are an error. */
  public static final int MAX_FIELDS = 100_000;

  public static final ProfileLimits DEFAULT = new ProfileLimits(256, 1 << 20);
}
