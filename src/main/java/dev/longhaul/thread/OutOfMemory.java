package dev.longhaul.thread;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when memory runs out. After an OutOfMemoryError nobody knows which thread died in
 * the middle of what: the process may live on without answering anybody. So the application ends at
 * once, without shutdown hooks, and whatever supervises it starts it anew; jobs it held are taken
 * over by other processes. Where Longhaul is a library that decision is the host application's: its
 * own handler is told.
 */
public final class OutOfMemory {
  /** The exit code, the same that {@code -XX:+ExitOnOutOfMemoryError} gives. */
  public static final int EXIT_CODE = 3;

  private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);
  private static final int DEEPEST_CAUSE = 20;

  private static volatile boolean halts;

  private OutOfMemory() {}

  /** From now on it ends the process, wherever it is met or left uncaught. For the application. */
  public static void haltFromNowOn() {
    halts = true;
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
      met(thrown);
      if (before != null) {
        before.uncaughtException(thread, thrown);
      } else {
        log.error("The thread {} ended with an exception", thread.getName(), thrown);
      }
    });
  }

  /**
   * Looks whether something that was caught is an OutOfMemoryError, or was caused by one. Whoever
   * catches everything calls this first.
   */
  public static void met(Throwable caught) {
    if (!isIn(caught)) {
      return;
    }
    if (halts) {
      halt(caught);
    }
    Thread.UncaughtExceptionHandler host = Thread.getDefaultUncaughtExceptionHandler();
    if (host != null) {
      host.uncaughtException(Thread.currentThread(), caught);
    }
  }

  private static void halt(Throwable caught) {
    try {
      log.error("Out of memory: this process ends now, with exit code {}", EXIT_CODE, caught);
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private static boolean isIn(@Nullable Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
      if (at instanceof OutOfMemoryError) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }
}
