package dev.longhaul.mcp.patience;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What clients of one name and version have shown of their patience.
 *
 * @param lastLeave after how long the last one left its call, or null
 * @param limit after how long they give up, or null while that is not known
 * @param at when this was last confirmed or changed
 */
public record LearntLimit(@Nullable Duration lastLeave, @Nullable Duration limit, Instant at) {
  /** Who leaves sooner has been stopped by its user rather than by a time-out. */
  static final Duration LEAST = Duration.ofSeconds(4);

  private static final double LIKENESS = 0.1;

  static LearntLimit nothing(Instant now) {
    return new LearntLimit(null, null, now);
  }

  /** A client left its call after this time: two leaves at about the same time make a limit. */
  LearntLimit left(Duration after, Instant now) {
    if (after.compareTo(LEAST) < 0) {
      return this;
    }
    if (lastLeave != null && alike(lastLeave, after)) {
      return new LearntLimit(after, lastLeave.compareTo(after) < 0 ? lastLeave : after, now);
    }
    // One that waited longer than the limit shows that it is none.
    boolean disproved = limit != null && after.compareTo(limit) > 0 && !alike(limit, after);
    return new LearntLimit(after, disproved ? null : limit, now);
  }

  /** Whether a call answered after this time shows that the limit is none. */
  boolean disprovedBy(Duration answered) {
    return limit != null && answered.compareTo(limit) > 0;
  }

  /** Whether two times are within a tenth of each other. */
  static boolean alike(Duration one, Duration other) {
    long a = one.toMillis();
    long b = other.toMillis();
    return Math.abs(a - b) <= LIKENESS * Math.max(a, b);
  }
}
