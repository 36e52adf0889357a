package dev.longhaul.mcp.timeout;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The known facts about the time-out of clients of one name and version.
 *
 * @param lastLeave how long the last client that disconnected had waited, or null
 * @param limit the learned time-out, or null while it is unknown
 * @param at when this was last confirmed or changed
 */
public record LearnedTimeout(@Nullable Duration lastLeave, @Nullable Duration limit, Instant at) {
  /** A client that disconnects sooner was stopped by its user rather than by a time-out. */
  static final Duration LEAST = Duration.ofSeconds(4);

  private static final double TOLERANCE = 0.1;

  static LearnedTimeout nothing(Instant now) {
    return new LearnedTimeout(null, null, now);
  }

  /**
   * A client disconnected after this time: two disconnects after about the same time make a limit.
   */
  LearnedTimeout left(Duration after, Instant now) {
    if (after.compareTo(LEAST) < 0) {
      return this;
    }
    if (lastLeave != null && alike(lastLeave, after)) {
      return new LearnedTimeout(after, lastLeave.compareTo(after) < 0 ? lastLeave : after, now);
    }
    // A client that waited longer than the limit disproves it.
    boolean disproved = limit != null && after.compareTo(limit) > 0 && !alike(limit, after);
    return new LearnedTimeout(after, disproved ? null : limit, now);
  }

  /** Whether a response that was received after this time disproves the limit. */
  boolean disprovedBy(Duration answered) {
    return limit != null && answered.compareTo(limit) > 0;
  }

  /** Whether two durations differ by at most a tenth. */
  static boolean alike(Duration one, Duration other) {
    long a = one.toMillis();
    long b = other.toMillis();
    return Math.abs(a - b) <= TOLERANCE * Math.max(a, b);
  }
}
