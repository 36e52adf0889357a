package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.Optional;

/** Where sessions live, so that neither a restart nor another process loses them. */
public interface SessionStore {

  /** Keeps a new session. */
  void save(Session session);

  /**
   * Keeps a new session that lives as long as it is in use and this long without.
   *
   * @param ttl instead of the general time to live
   */
  void save(Session session, Duration ttl);

  /** Finds a session and prolongs its life; empty if it never was, has ended, or is too old. */
  Optional<Session> touch(String id);

  /**
   * Sets from which level on the session wants logs.
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
