package dev.longhaul.testsupport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A clock that a test moves forward, so that tests of delays and retries need not wait. A clock
 * that the test creates stands still otherwise; as a bean of type {@link Clock} it becomes
 * Longhaul's clock. That of {@link LonghaulTest} also follows the system's time, and the scripts in
 * Redis use it, too.
 */
public final class TestClock extends Clock {
  private final List<Runnable> listeners;
  private final Reading reading;
  private final ZoneId zone;

  /** The state shared by all views of a clock in other zones. */
  private static final class Reading {
    private final InstantSource source;
    private volatile Duration moved = Duration.ZERO;

    private Reading(InstantSource source) {
      this.source = source;
    }

    private synchronized void advance(Duration by) {
      moved = moved.plus(by);
    }
  }

  /** Creates a clock that stands at the current time. */
  public TestClock() {
    this(InstantSource.system().instant());
  }

  /** Creates a clock that stands at that time. */
  public TestClock(Instant now) {
    this(new Reading(InstantSource.fixed(now)), ZoneOffset.UTC, new CopyOnWriteArrayList<>());
  }

  /** Creates a clock that follows the system's time, plus the time by which a test has moved it. */
  public static TestClock running() {
    return new TestClock(
        new Reading(InstantSource.system()), ZoneOffset.UTC, new CopyOnWriteArrayList<>());
  }

  private TestClock(Reading reading, ZoneId zone, List<Runnable> listeners) {
    this.reading = reading;
    this.zone = zone;
    this.listeners = listeners;
  }

  /**
   * Moves the clock forward.
   *
   * @param by the duration, not negative
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back: advance by " + by);
    }
    reading.advance(by);
    listeners.forEach(Runnable::run);
  }

  /** The total time by which it was moved. */
  public Duration moved() {
    return reading.moved;
  }

  /** Adds a listener, which is called after each move in the thread that moves the clock. */
  public void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public Instant instant() {
    return reading.source.instant().plus(reading.moved);
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public TestClock withZone(ZoneId other) {
    return new TestClock(reading, other, listeners);
  }
}
