package dev.longhaul.gateway;

import dev.longhaul.gateway.catalog.UpstreamLinks.Phase;
import dev.longhaul.gateway.config.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What one process has of an upstream; processes tell each other.
 *
 * @param address its program, or its URL without secrets, or null
 */
record LocalView(
    String name,
    String source,
    Entry.State state,
    @Nullable String reason,
    @Nullable String address,
    Phase phase,
    @Nullable Long pid,
    int restarts,
    @Nullable String lastError,
    int inFlight) {

  LocalView named(String other) {
    return new LocalView(
        other, source, state, reason, address, phase, pid, restarts, lastError, inFlight);
  }

  /** What both together are: the counts of both, and else what the one with a connection has. */
  LocalView and(LocalView other) {
    LocalView better = rank() >= other.rank() ? this : other;
    return new LocalView(
        name,
        better.source,
        better.state,
        better.reason,
        better.address,
        better.phase,
        better.pid,
        restarts + other.restarts,
        better.lastError != null
            ? better.lastError
            : rank() >= other.rank() ? other.lastError : lastError,
        inFlight + other.inFlight);
  }

  private int rank() {
    return state != Entry.State.USED
        ? 0
        : switch (phase) {
          case CONNECTED -> 5;
          case CONNECTING -> 4;
          case BACKOFF -> 3;
          case IDLE -> 2;
          case ELSEWHERE -> 1;
        };
  }
}
