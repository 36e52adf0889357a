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
 * Keeps background work running after failures: a loop in a separate thread, or a periodic task,
 * which a timer would drop after the first exception. Every Throwable is counted by name and logged
 * once per kind, and the recovery is logged too. Only an interrupt, which stops a thread, ends a
 * loop.
 */
public final class Supervised {
  private static final Logger log = LoggerFactory.getLogger(Supervised.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Map<String, LongAdder> FAILURES = new ConcurrentHashMap<>();

  private final String name;
  private final LongAdder count;
  private volatile @Nullable Class<?> said; // written under the lock, like the next one
  private int failures;

  /**
   * @param name the name in logs and in the metric, from a small fixed set
   */
  public Supervised(String name) {
    this.name = name;
    this.count = FAILURES.computeIfAbsent(name, _ -> new LongAdder());
  }

  /** A step of the work. */
  @FunctionalInterface
  public interface Step {
    /** Runs it; an {@code InterruptedException} stops the work. */
    void run() throws Exception;
  }

  /** How often each piece of background work has failed in this process, by its name. */
  public static Map<String, Long> failures() {
    return FAILURES.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }

  /** Wraps work for a timer, so that it never throws. */
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
   * Wraps a step for a thread: repeats it until the thread is interrupted, with growing pauses of
   * up to a second while it fails.
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
   * @return whether it succeeded
   * @throws InterruptedException if the thread was interrupted, also if the step failed because of
   *     that
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
   * Repeats a step until it succeeds, with growing pauses of up to a second.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void untilItWorks(Step step) throws InterruptedException {
    var _ = untilItWorks(step, ChronoUnit.FOREVER.getDuration());
  }

  /**
   * Repeats a step until it succeeds or the limit has passed.
   *
   * @param limit after that time it is not repeated
   * @return whether it succeeded
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean untilItWorks(Step step, Duration limit) throws InterruptedException {
    long begin = System.nanoTime();
    long pause = SHORTEST_PAUSE.toMillis();
    while (!run(step)) {
      if (Duration.ofNanos(System.nanoTime() - begin).compareTo(limit) >= 0) {
        return false;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE.toMillis(), 2 * pause);
    }
    return true;
  }

  /** Records a failure that the work itself has caught; an interrupt is not a failure. */
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
      log.warn("{} failed and is retried: {}", name, String.valueOf(failure));
      log.debug("{} failed", name, failure);
    }
  }

  /** Records a success. */
  public void worked() {
    if (said != null) {
      goesOn();
    }
  }

  private synchronized void goesOn() {
    if (said != null) {
      log.info("{} works again after {} failures", name, failures);
      said = null;
      failures = 0;
    }
  }
}
