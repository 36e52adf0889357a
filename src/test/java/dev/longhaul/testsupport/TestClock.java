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
 * A clock that stands still until a test moves it, so that a test of a delay or a retry need not
 * wait for it. Declared as a bean of type {@link Clock} it is Longhaul's clock.
 */
public final class TestClock extends Clock {
  private final List<Runnable> listeners;
  private final Reading reading;
  private final ZoneId zone;

  /** What all views of a clock in other zones share. */
  private static final class Reading {
    private volatile Instant now;

    private Reading(Instant now) {
      this.now = now;
    }

    private synchronized void advance(Duration by) {
      now = now.plus(by);
    }
  }

  /** A clock that stands at what the time is now. */
  public TestClock() {
    this(InstantSource.system().instant());
  }

  /** A clock that stands at that time. */
  public TestClock(Instant now) {
    this(new Reading(now), ZoneOffset.UTC, new CopyOnWriteArrayList<>());
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

  /** Calls the listener after each move, in the thread that moves the clock. */
  public void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public Instant instant() {
    return reading.now;
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
