package dev.longhaul.mcp.legacy;

import java.util.Optional;

/** Where sessions live, so that neither a restart nor another process loses them. */
public interface SessionStore {

  /** Keeps a new session. */
  void save(Session session);

  /** Finds a session and prolongs its life; empty if it never was, has ended, or is too old. */
  Optional<Session> touch(String id);

  /**
   * Ends a session.
   *
   * @return whether there was one
   */
  boolean end(String id);
}
