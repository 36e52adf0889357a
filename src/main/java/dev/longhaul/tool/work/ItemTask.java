package dev.longhaul.tool.work;

/**
 * Processes one item of a {@link ParallelMap}. Runs in a separate thread, which finds the call with
 * {@link dev.longhaul.tool.JobContext#current()} and is interrupted when the call stops.
 *
 * @param <T> the items
 * @param <R> the results
 */
@FunctionalInterface
public interface ItemTask<T, R> {

  /**
   * Processes one item.
   *
   * @return the result, not null
   * @throws Exception if this item fails; the others continue
   */
  R apply(T item) throws Exception;
}
