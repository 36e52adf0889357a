package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.Optional;

/** Stores sessions, so that they survive a restart and all processes share them. */
public interface SessionStore {

  /** Stores a new session. */
  void save(Session session);

  /**
   * Stores a new session with its own time to live since its last use.
   *
   * @param ttl instead of the general time to live
   */
  void save(Session session, Duration ttl);

  /**
   * Finds a session and renews its time to live; empty if it is unknown, has ended, or has expired.
   */
  Optional<Session> touch(String id);

  /**
   * Sets the least severe log level that the session wants.
   *
   * @return whether there is such a session
   */
  boolean logLevel(String id, String level);

  /**
   * Ends a session.
   *
   * @return whether there was one
   */
  boolean end(String id);
}
