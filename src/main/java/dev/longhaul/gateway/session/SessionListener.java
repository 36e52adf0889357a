package dev.longhaul.gateway.session;

/**
 * Hears of changes at an upstream that a session follows ({@link UpstreamSession#follow}). It is
 * called in threads that read, so it must not block.
 */
public interface SessionListener {

  /** A listener that ignores everything. */
  SessionListener NONE = new SessionListener() {};

  /**
   * A list has, or may have, changed.
   *
   * @param method {@code tools/list}, {@code resources/list} or {@code prompts/list}
   */
  default void changed(String method) {}

  /** A resource has, or may have, changed. */
  default void resourceUpdated(String uri) {}
}
