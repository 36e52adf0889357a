package dev.longhaul.cli.bench;

import dev.longhaul.cli.Terminal;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Shows how far a run is: in place on a terminal, else in a few lines. */
final class BenchProgress {
  private static final long IN_PLACE_NANOS = 100_000_000;

  private final Terminal terminal;
  private final String what;
  private final int requests;
  private final int lines;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong shown = new AtomicLong(System.nanoTime());

  /**
   * @param lines how many lines are written where there is no terminal
   */
  BenchProgress(Terminal terminal, String what, int requests, int lines) {
    this.terminal = terminal;
    this.what = what;
    this.requests = requests;
    this.lines = lines;
  }

  /** A call has ended. */
  void done(boolean success) {
    int failures = success ? failed.get() : failed.incrementAndGet();
    int now = done.incrementAndGet();
    String text =
        String.format(Locale.ROOT, "%s: %d of %d calls, %d failed", what, now, requests, failures);
    if (!terminal.interactive()) {
      if (now == requests || now % Math.max(1, requests / lines) == 0) {
        terminal.err().println(text);
      }
      return;
    }
    long last = shown.get();
    long time = System.nanoTime();
    if (now == requests) {
      terminal.err().println("\r" + text);
    } else if (time - last > IN_PLACE_NANOS && shown.compareAndSet(last, time)) {
      terminal.err().print("\r" + text);
      terminal.err().flush();
    }
  }
}
