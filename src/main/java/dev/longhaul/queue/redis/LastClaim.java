package dev.longhaul.queue.redis;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claim of a job, as in the claims' hash and the job's field {@code k} (jobs.lua).
 *
 * @param nonce the nonce of its holder; empty if that one no longer has the job, which has not
 *     ended
 * @param attempt how many attempts have started
 * @param startedAt when the latest attempt started, or null
 */
record LastClaim(String nonce, int attempt, @Nullable Instant startedAt) {
  private static final LastClaim NONE = new LastClaim("", 0, null);
  private static final int MARK = 4;
  private static final Set<String> OVER = Set.of("b", "r", "p");

  static LastClaim read(@Nullable String text) {
    if (text == null) {
      return NONE;
    }
    String[] parts = text.split(" ", -1);
    boolean over = parts.length > MARK && OVER.contains(parts[MARK]);
    return new LastClaim(
        over ? "" : parts[0],
        Integer.parseInt(parts[2]),
        parts[3].equals("-") ? null : Instant.ofEpochMilli(Long.parseLong(parts[3])));
  }
}
