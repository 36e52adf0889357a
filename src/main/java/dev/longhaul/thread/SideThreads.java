package dev.longhaul.thread;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for what tools do side by side: shared by the whole process, reused, and
 * bounded. Each carries the {@link ThreadContext} of whoever started it.
 */
public final class SideThreads {
  /** How many run at once in this process, besides the first of each caller. */
  public static final int MOST = 1_000;

  private static final ThreadPoolExecutor THREADS = Threads.reused("longhaul-side");
  private static final Semaphore PLACES = new Semaphore(MOST);

  private SideThreads() {}

  /** Something that runs beside its caller; cancelling interrupts it. */
  public static final class Piece extends FutureTask<Boolean> {
    private final CountDownLatch ended = new CountDownLatch(1);

    private Piece(Runnable task) {
      super(task, true);
    }

    /** Waits until its thread has left it, also after it was cancelled. */
    public boolean awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
      return ended.await(timeout, unit);
    }
  }

  /** Permission to run one thing; to be used for {@link #start} or given back. */
  public static final class Place {
    private final boolean counted;

    private Place(boolean counted) {
      this.counted = counted;
    }

    /** Starts a task, whose end gives the place back. */
    public Piece start(Runnable task) {
      Piece piece = new Piece(ThreadContext.carried(task));
      THREADS.execute(() -> {
        try {
          piece.run();
        } finally {
          giveBack();
          piece.ended.countDown();
        }
      });
      return piece;
    }

    /** Instead of using it. */
    public void giveBack() {
      if (counted) {
        PLACES.release();
      }
    }
  }

  /**
   * A place.
   *
   * @param first whether the caller runs nothing else beside it yet: then there is always a place,
   *     because without one the caller would not go on at all
   */
  public static Optional<Place> place(boolean first) {
    if (first) {
      return Optional.of(new Place(false));
    }
    return PLACES.tryAcquire() ? Optional.of(new Place(true)) : Optional.empty();
  }
}
