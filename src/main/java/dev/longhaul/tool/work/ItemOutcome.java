package dev.longhaul.tool.work;

/**
 * What became of one item of a {@link ParallelMap}.
 *
 * @param <T> the items
 * @param <R> what is made of them
 */
public sealed interface ItemOutcome<T, R> {

  /** The item's place, counted from 0. */
  long index();

  /** The item. */
  T item();

  /**
   * It worked.
   *
   * @param value what was made of the item
   */
  record Done<T, R>(long index, T item, R value) implements ItemOutcome<T, R> {}

  /**
   * It did not work; the other items are not affected.
   *
   * @param error what was thrown
   */
  record Failed<T, R>(long index, T item, Exception error) implements ItemOutcome<T, R> {}
}
