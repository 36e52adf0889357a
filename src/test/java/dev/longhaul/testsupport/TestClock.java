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
 * A clock that a test moves, so that a test of a delay or a retry need not wait for it. One of its
 * own stands still until then and is Longhaul's clock as a bean of type {@link Clock}; that of
 * {@link LonghaulTest} goes on by itself as well, and Redis goes with it.
 */
public final class TestClock extends Clock {
  private final List<Runnable> listeners;
  private final Reading reading;
  private final ZoneId zone;

  /** What all views of a clock in other zones share. */
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

  /** A clock that stands at what the time is now. */
  public TestClock() {
    this(InstantSource.system().instant());
  }

  /** A clock that stands at that time. */
  public TestClock(Instant now) {
    this(new Reading(InstantSource.fixed(now)), ZoneOffset.UTC, new CopyOnWriteArrayList<>());
  }

  /** A clock that goes as the system's does, by as much later as a test has moved it. */
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
   * Lets time pass.
   *
   * @param by how much, not negative
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back: advance by " + by);
    }
    reading.advance(by);
    listeners.forEach(Runnable::run);
  }

  /** By how much it was moved in all. */
  public Duration moved() {
    return reading.moved;
  }

  /** Calls the listener after each move, in the thread that moves the clock. */
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
