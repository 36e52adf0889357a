package dev.longhaul.gateway.session;

import java.time.Duration;

/**
 * Bounds of sessions.
 *
 * @param pages how many pages a list may have
 * @param entries how many entries a list may have
 * @param bytes how many bytes a list may have as JSON
 * @param rounds how often an upstream may answer a request with questions
 * @param request how long a request may take that no job waits for
 * @param probe how long a stdio upstream has for its answer to the question which era it speaks
 */
public record SessionLimits(
    int pages, int entries, long bytes, int rounds, Duration request, Duration probe) {
  public static final SessionLimits DEFAULT =
      new SessionLimits(
          1_000, 10_000, 32L << 20, 100, Duration.ofSeconds(30), Duration.ofSeconds(5));
}
