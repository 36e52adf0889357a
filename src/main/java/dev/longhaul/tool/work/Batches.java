package dev.longhaul.tool.work;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.DoubleSupplier;

/**
 * Divides items into batches of {@value #DEFAULT_SIZE} by default, and of fewer items while memory
 * is scarce. While more than 80 % of the heap is used, the current batch ends early and each new
 * one is half as large; otherwise each is twice as large as the previous one, up to the full size.
 * Garbage that is not yet collected counts as used, so batches may shrink for a while without need.
 *
 * @param <T> the items
 */
public final class Batches<T> implements Iterator<List<T>> {
  /** The default number of items in a batch. */
  public static final int DEFAULT_SIZE = 1_000;

  /** The maximum number of items in a batch. */
  public static final int MAX_SIZE = 1_000_000;

  private static final int SMALLEST = 10;
  private static final double HEAP_LIMIT = 0.8;
  // A check costs about 50 ns. It is repeated within a batch, because large items may fill the
  // heap.
  private static final int ITEMS_BETWEEN_CHECKS = 16;

  private final Iterator<? extends T> items;
  private final int size;
  private final int smallest;
  private final DoubleSupplier heapUse;
  private int current;

  Batches(Iterator<? extends T> items, int size, DoubleSupplier heapUse) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size is " + size + "; give 1 to " + MAX_SIZE + ".");
    }
    this.items = items;
    this.size = size;
    this.smallest = Math.min(size, SMALLEST);
    this.heapUse = heapUse;
    this.current = size;
  }

  /** Batches of up to {@value #DEFAULT_SIZE} items. */
  public static <T> Batches<T> of(Iterable<? extends T> items) {
    return of(items, DEFAULT_SIZE);
  }

  /**
   * Batches of the given size.
   *
   * @param items read when they are needed
   * @param size 1 to {@value #MAX_SIZE}
   */
  public static <T> Batches<T> of(Iterable<? extends T> items, int size) {
    return new Batches<>(items.iterator(), size, Batches::heapUse);
  }

  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  /**
   * The next batch, a new list that the caller may change.
   *
   * @throws dev.longhaul.tool.JobStoppedException if the call was cancelled or timed out
   */
  @Override
  public List<T> next() {
    if (!items.hasNext()) {
      throw new NoSuchElementException();
    }
    Stops.check("the next batch");
    boolean scarce = scarce();
    if (scarce) {
      current = Math.max(smallest, current / 2);
    }
    List<T> batch = new ArrayList<>(Math.min(current, DEFAULT_SIZE));
    while (batch.size() < current && items.hasNext()) {
      batch.add(items.next());
      if (!scarce
          && batch.size() >= smallest
          && batch.size() % ITEMS_BETWEEN_CHECKS == 0
          && scarce()) {
        scarce = true;
        break;
      }
    }
    if (!scarce) {
      current = (int) Math.min(size, current * 2L);
    }
    return batch;
  }

  private boolean scarce() {
    return heapUse.getAsDouble() > HEAP_LIMIT;
  }

  private static double heapUse() {
    Runtime runtime = Runtime.getRuntime();
    return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
  }
}
