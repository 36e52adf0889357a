package dev.longhaul.tool.work;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes many items in parallel. The failure of one item does not affect the others; progress is
 * reported to the call; a cancellation or time-out of the call interrupts all running items.
 *
 * <pre>{@code
 * List<ItemOutcome<Order, Invoice>> outcomes =
 *     ParallelMap.over(orders).atOnce(16).called("orders").map(this::invoice);
 * }</pre>
 *
 * @param <T> the items
 */
public final class ParallelMap<T> {
  /** The default number of concurrent items. */
  public static final int DEFAULT_AT_ONCE = 8;

  /** The maximum number of concurrent items. */
  public static final int MAX_AT_ONCE = 1_000;

  private final Iterable<? extends T> items;
  private final int atOnce;
  private final @Nullable CpuPool pool;
  private final @Nullable String noun;

  private ParallelMap(
      Iterable<? extends T> items, int atOnce, @Nullable CpuPool pool, @Nullable String noun) {
    this.items = items;
    this.atOnce = atOnce;
    this.pool = pool;
    this.noun = noun;
  }

  /**
   * Creates a map over items. They are read when they are needed, so there may be any number of
   * them; progress in per cent requires a {@link Collection}, whose size is known.
   */
  public static <T> ParallelMap<T> over(Iterable<? extends T> items) {
    return new ParallelMap<>(items, DEFAULT_AT_ONCE, null, null);
  }

  /**
   * Sets how many items are processed at once.
   *
   * @param limit 1 to {@value #MAX_AT_ONCE}
   */
  public ParallelMap<T> atOnce(int limit) {
    if (limit < 1 || limit > MAX_AT_ONCE) {
      throw new IllegalArgumentException(
          "atOnce is " + limit + "; give 1 to " + MAX_AT_ONCE + " items at once.");
    }
    return new ParallelMap<>(items, limit, pool, noun);
  }

  /** Processes the items on a CPU pool, for CPU-bound items; the default are virtual threads. */
  public ParallelMap<T> on(CpuPool threads) {
    return new ParallelMap<>(items, atOnce, threads, noun);
  }

  /**
   * Reports progress to the call that the thread serves, such as "3 of 10 orders".
   *
   * @param items the noun for the items, in the plural
   */
  public ParallelMap<T> called(String items) {
    return new ParallelMap<>(this.items, atOnce, pool, items);
  }

  /**
   * Processes all items and waits for the end.
   *
   * @return the outcome of each, in order
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted
   */
  public <R> List<ItemOutcome<T, R>> map(ItemTask<? super T, ? extends R> task) {
    return map(task, new MapWatch<>() {});
  }

  /**
   * Processes all items, notifies the watch of each as it completes, and waits for the end.
   *
   * @return the outcome of each, in order
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted
   */
  public <R> List<ItemOutcome<T, R>> map(
      ItemTask<? super T, ? extends R> task, MapWatch<T, R> watch) {
    List<ItemOutcome<T, R>> outcomes = new ArrayList<>();
    try (ParallelRun<T, R> run = start(task)) {
      try {
        while (run.hasNext()) {
          ItemOutcome<T, R> outcome = run.next();
          outcomes.add(outcome);
          watch.finished(outcome);
        }
      } catch (JobStoppedException e) {
        outcomes.addAll(run.unread());
        // Items that failed because of the stop are not done.
        outcomes.removeIf(ParallelMap::wasStopped);
        watch.stopped(ordered(outcomes), total());
        throw e;
      }
    }
    return ordered(outcomes);
  }

  /**
   * Starts processing; the caller reads the outcomes as they complete. New items start only when
   * outcomes are read, so that memory stays bounded.
   *
   * @return the run; closing it stops the running items
   */
  public <R> ParallelRun<T, R> start(ItemTask<? super T, ? extends R> task) {
    return new ParallelRun<>(items.iterator(), task, atOnce, pool, this::report);
  }

  private static boolean wasStopped(ItemOutcome<?, ?> outcome) {
    return outcome instanceof ItemOutcome.Failed<?, ?> failed
        && failed.error() instanceof JobStoppedException;
  }

  private void report(long done) {
    if (noun == null) {
      return;
    }
    Long total = total();
    JobContext.find()
        .ifPresent(job -> {
          if (total == null) {
            job.progress(0, done + " " + noun);
          } else {
            job.progress(
                total == 0 ? 1 : (double) done / total, done + " of " + total + " " + noun);
          }
        });
  }

  private @Nullable Long total() {
    return items instanceof Collection<?> known ? (long) known.size() : null;
  }

  private static <T, R> List<ItemOutcome<T, R>> ordered(List<ItemOutcome<T, R>> outcomes) {
    return outcomes.stream().sorted(Comparator.comparingLong(ItemOutcome::index)).toList();
  }
}
