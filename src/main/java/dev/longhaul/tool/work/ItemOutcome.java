package dev.longhaul.tool.work;

/**
 * The outcome of one item of a {@link ParallelMap}.
 *
 * @param <T> the items
 * @param <R> the results
 */
public sealed interface ItemOutcome<T, R> {

  /** The item's index, counted from 0. */
  long index();

  /** The item. */
  T item();

  /**
   * The item has succeeded.
   *
   * @param value its result
   */
  record Done<T, R>(long index, T item, R value) implements ItemOutcome<T, R> {}

  /**
   * The item has failed; the other items are not affected.
   *
   * @param error the exception
   */
  record Failed<T, R>(long index, T item, Exception error) implements ItemOutcome<T, R> {}
}
