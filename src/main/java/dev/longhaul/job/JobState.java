package dev.longhaul.job;

import java.util.Locale;
import java.util.Optional;

/** The state of a job. The lower-case names are used on the wire and in Redis. */
public enum JobState {
  /** Added, waiting to be started by its owner. */
  HELD(false),
  /** In a priority list, waiting for a worker. */
  QUEUED(false),
  /** Waiting for its due time: delayed, or between two attempts. */
  SCHEDULED(false),
  /** Claimed by a worker under a lease. */
  RUNNING(false),
  /** Running, parked until the client answers a question. */
  INPUT_REQUIRED(false),
  /** Ended with a result, which may have {@code isError}. */
  COMPLETED(true),
  /** Ended by a protocol error or a time-out. */
  FAILED(true),
  /** Ended by a cancel. */
  CANCELLED(true),
  /** Given up: attempts exhausted, or a worker was lost and the outcome is unknown. */
  DEAD(true);

  private final boolean terminal;
  private final String wire;

  JobState(boolean terminal) {
    this.terminal = terminal;
    this.wire = name().toLowerCase(Locale.ROOT);
  }

  /** Whether the state is final: a job never leaves it. */
  public boolean terminal() {
    return terminal;
  }

  /** The name used in JSON, in configuration and in Redis. */
  public String wire() {
    return wire;
  }

  /** The state of that wire name, if there is one. */
  public static Optional<JobState> fromWire(String name) {
    for (JobState state : values()) {
      if (state.wire.equals(name)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
