package dev.longhaul.thread;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process after an OutOfMemoryError, since any thread may have died and the process may be
 * alive without working. The application halts at once, without shutdown hooks, so that a
 * supervisor restarts it; its jobs are taken over by other processes. With Longhaul as a library
 * only the host application's handler for uncaught exceptions is called.
 */
public final class OutOfMemory {
  /** The exit code, the same that {@code -XX:+ExitOnOutOfMemoryError} gives. */
  public static final int EXIT_CODE = 3;

  private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);
  private static final int DEEPEST_CAUSE = 20;

  private static volatile boolean halts;

  private OutOfMemory() {}

  /** Makes every caught or uncaught OutOfMemoryError end the process. For the application only. */
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
   * Handles a caught exception that is, or was caused by, an OutOfMemoryError. Must be called first
   * by code that catches every Throwable.
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
