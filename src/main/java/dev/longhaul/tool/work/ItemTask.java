package dev.longhaul.tool.work;

/**
 * What is done with each item of a {@link ParallelMap}. Runs in a thread of its own that finds the
 * call with {@link dev.longhaul.tool.JobContext#current()} and is interrupted when the call stops.
 *
 * @param <T> the items
 * @param <R> what is made of them
 */
@FunctionalInterface
public interface ItemTask<T, R> {

  /**
   * Works on one item.
   *
   * @return what comes of it, not null
   * @throws Exception to fail this item; the others go on
   */
  R apply(T item) throws Exception;
}
