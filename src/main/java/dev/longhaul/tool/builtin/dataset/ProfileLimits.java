package dev.longhaul.tool.builtin.dataset;

/**
 * What keeps a profile's memory constant.
 *
 * @param maxColumns columns that are profiled; more are counted and named in a warning
 * @param maxRowSize longest row, in characters of CSV and in bytes of JSON lines; longer ones are
 *     malformed
 */
public record ProfileLimits(int maxColumns, int maxRowSize) {
  public static final ProfileLimits DEFAULT = new ProfileLimits(256, 1 << 20);
}
