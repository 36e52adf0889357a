package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may hold jobs back although a worker is free: of a tool its slots, its rate and its circuit
 * breaker, of a caller its rate. The jobs that may not pass wait here, by band.
 */
final class Gate {
  /** Whose it is. */
  final boolean ofTool;

  final List<LinkedHashSet<StoredJob>> bands = new ArrayList<>();

  /** The jobs that hold a slot. */
  final Set<JobId> slots = new HashSet<>();

  /** When somebody may pass again, in milliseconds since the epoch, or null if time decides not. */
  @Nullable Long opensAt;

  /** Until when the circuit breaker is open, or null if it is closed. */
  @Nullable Long openUntil;

  /** The job that tries whether the tool works again. */
  @Nullable JobId probe;

  // The time up to which tokens are spoken for (the virtual scheduling of ITU-T I.371).
  private double spoken;

  Gate(boolean ofTool) {
    this.ofTool = ofTool;
    for (int band = 0; band < Priority.BANDS; band++) {
      bands.add(new LinkedHashSet<>());
    }
  }

  boolean anybody() {
    return bands.stream().anyMatch(band -> !band.isEmpty());
  }

  double spoken() {
    return spoken;
  }

  /** Milliseconds until a token of that rate is free. */
  long untilToken(Rate rate, long now) {
    return Math.max(0, (long) Math.ceil(freeAt(rate, spoken) - now));
  }

  void takeToken(Rate rate, long now) {
    spoken = Math.max(spoken, (double) now) + rate.millisPerCall();
  }

  /** When a token is free, if tokens are spoken for up to that time. */
  static double freeAt(Rate rate, double spoken) {
    return spoken - (rate.calls() - 1) * rate.millisPerCall();
  }

  /** How many jobs pass before one that stands behind so many of its band. */
  long before(int band, long ofItsBand) {
    long before = ofItsBand;
    for (int urgent = 0; urgent < band; urgent++) {
      before += bands.get(urgent).size();
    }
    return before;
  }
}
