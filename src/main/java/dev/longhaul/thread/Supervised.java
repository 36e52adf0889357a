package dev.longhaul.thread;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background work that a failure must not end: a loop in a thread of its own, or what a timer
 * repeats, which a timer gives up at the first exception. Whatever is thrown, an {@code Error} too,
 * is said once for each kind of failure, counted by name, and said again when the work goes on.
 * Only an interrupt, which is how a thread is told to stop, ends a loop.
 */
public final class Supervised {
  private static final Logger log = LoggerFactory.getLogger(Supervised.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Map<String, LongAdder> FAILURES = new ConcurrentHashMap<>();

  private final String name;
  private final LongAdder count;
  private volatile @Nullable Class<?> said; // written under the lock, as the next one is
  private int failures;

  /**
   * @param name in the log and in the metric; one of a few fixed words
   */
  public Supervised(String name) {
    this.name = name;
    this.count = FAILURES.computeIfAbsent(name, _ -> new LongAdder());
  }

  /** A step of the work. */
  @FunctionalInterface
  public interface Step {
    /** Does it; an {@code InterruptedException} is the order to stop. */
    void run() throws Exception;
  }

  /** How often each piece of background work has failed in this process, by its name. */
  public static Map<String, Long> failures() {
    return FAILURES.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }

  /** For a timer: the same work, which never throws. */
  public static Runnable repeated(String name, Runnable work) {
    Supervised supervised = new Supervised(name);
    return () -> {
      try {
        var _ = supervised.run(work::run);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /**
   * For a thread: runs the step again and again until the thread is interrupted, with growing
   * pauses of up to a second while it fails.
   */
  public static Runnable forever(String name, Step step) {
    Supervised supervised = new Supervised(name);
    return () -> {
      try {
        long pause = SHORTEST_PAUSE.toMillis();
        while (!Thread.currentThread().isInterrupted()) {
          if (supervised.run(step)) {
            pause = SHORTEST_PAUSE.toMillis();
          } else {
            Thread.sleep(pause);
            pause = Math.min(LONGEST_PAUSE.toMillis(), 2 * pause);
          }
        }
      } catch (InterruptedException e) {
        log.trace("{} was told to stop", name);
      }
    };
  }

  /**
   * Runs one step.
   *
   * @return whether it did not fail
   * @throws InterruptedException the order to stop; also where the step failed because its thread
   *     was interrupted
   */
  public boolean run(Step step) throws InterruptedException {
    try {
      step.run();
      worked();
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      if (Thread.interrupted()) {
        var stop = new InterruptedException(name + " was told to stop");
        stop.initCause(e);
        throw stop;
      }
      failed(e);
      return false;
    }
  }

  /**
   * Runs a step until it has not failed once, with growing pauses of up to a second.
   *
   * @throws InterruptedException the order to give up
   */
  public void untilItWorks(Step step) throws InterruptedException {
    var _ = untilItWorks(step, ChronoUnit.FOREVER.getDuration());
  }

  /**
   * The same, but not for longer than somebody waits for it.
   *
   * @param patience after that much time it is not tried again
   * @return whether it did not fail in the end
   * @throws InterruptedException the order to give up
   */
  public boolean untilItWorks(Step step, Duration patience) throws InterruptedException {
    long begin = System.nanoTime();
    long pause = SHORTEST_PAUSE.toMillis();
    while (!run(step)) {
      if (Duration.ofNanos(System.nanoTime() - begin).compareTo(patience) >= 0) {
        return false;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE.toMillis(), 2 * pause);
    }
    return true;
  }

  /** Notes a failure that the work itself has caught; to be told to stop is none. */
  public synchronized void failed(Throwable failure) {
    OutOfMemory.met(failure);
    if (Thread.currentThread().isInterrupted()) {
      log.debug("{} was told to stop", name, failure);
      return;
    }
    count.increment();
    failures++;
    if (failure.getClass().equals(said)) {
      log.debug("{} failed again", name, failure);
    } else {
      said = failure.getClass();
      log.warn("{} failed and is tried again: {}", name, String.valueOf(failure));
      log.debug("{} failed", name, failure);
    }
  }

  /** Notes that the work goes on. */
  public void worked() {
    if (said != null) {
      goesOn();
    }
  }

  private synchronized void goesOn() {
    if (said != null) {
      log.info("{} goes on after {} failures", name, failures);
      said = null;
      failures = 0;
    }
  }
}
