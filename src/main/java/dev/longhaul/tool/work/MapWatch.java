package dev.longhaul.tool.work;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the progress of a {@link ParallelMap}. Called in the thread that runs the map.
 *
 * @param <T> the items
 * @param <R> the results
 */
public interface MapWatch<T, R> {

  /** An item is done; items are reported in the order in which they complete. */
  default void finished(ItemOutcome<T, R> outcome) {}

  /**
   * The work is stopped because its call was cancelled or has timed out; report a partial result
   * here with {@link dev.longhaul.tool.JobContext#partial}. {@link
   * dev.longhaul.tool.JobStoppedException} is thrown when this returns.
   *
   * @param soFar what was done, in the items' order
   * @param total how many items there are, or null if unknown
   */
  default void stopped(List<ItemOutcome<T, R>> soFar, @Nullable Long total) {}
}
