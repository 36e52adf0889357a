package dev.longhaul.thread;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for parallel work of tools: shared by the whole process, reused, and bounded.
 * Each carries the {@link ThreadContext} of the thread that started it.
 */
public final class SideThreads {
  /** How many run at once in this process, not counting the first of each caller. */
  public static final int MOST = 1_000;

  private static final ThreadPoolExecutor THREADS = Threads.reused("longhaul-side");
  private static final Semaphore PLACES = new Semaphore(MOST);

  private SideThreads() {}

  /** A parallel task; cancelling interrupts it. */
  public static final class Piece extends FutureTask<Boolean> {
    private final CountDownLatch ended = new CountDownLatch(1);

    private Piece(Runnable task) {
      super(task, true);
    }

    /** Waits until its thread has finished, also after a cancellation. */
    public boolean awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
      return ended.await(timeout, unit);
    }
  }

  /** A permit to run one task, which must be used by {@link #start} or given back. */
  public static final class Permit {
    private final boolean counted;

    private Permit(boolean counted) {
      this.counted = counted;
    }

    /** Starts a task, at whose end the permit is given back. */
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

    /** Gives the permit back unused. */
    public void giveBack() {
      if (counted) {
        PLACES.release();
      }
    }
  }

  /**
   * A permit, or empty if the limit is reached.
   *
   * @param first whether the caller has no other task yet; then there is always a permit, so that
   *     every caller makes progress
   */
  public static Optional<Permit> permit(boolean first) {
    if (first) {
      return Optional.of(new Permit(false));
    }
    return PLACES.tryAcquire() ? Optional.of(new Permit(true)) : Optional.empty();
  }
}
