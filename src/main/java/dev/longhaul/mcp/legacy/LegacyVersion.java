package dev.longhaul.mcp.legacy;

import java.util.Set;

/** The earlier protocol revisions that are served. */
public final class LegacyVersion {
  /** Offered to a client that requests an unknown revision. */
  public static final String LATEST = "2025-11-25";

  /** The one revision with JSON-RPC batches. */
  public static final String WITH_BATCHES = "2025-03-26";

  /** Served only on its own transport, with two endpoints. */
  static final String WITH_SSE = "2024-11-05";

  public static final Set<String> ALL = Set.of(LATEST, "2025-06-18", WITH_BATCHES);

  private LegacyVersion() {}

  static String negotiate(String requested) {
    return ALL.contains(requested) ? requested : LATEST;
  }

  /** On the transport of 2024-11-05, which clients of later revisions use as well. */
  static String negotiateOnSse(String requested) {
    return requested.equals(WITH_SSE) ? WITH_SSE : negotiate(requested);
  }
}
