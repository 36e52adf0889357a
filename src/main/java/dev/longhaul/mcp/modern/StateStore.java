package dev.longhaul.mcp.modern;

import java.time.Duration;

/** What all processes share to sign {@code requestState}. */
public interface StateStore {
  /** Whether nobody has used the nonce before; from now on, and for that long, somebody has. */
  boolean use(String nonce, Duration life);

  /**
   * The key of this installation.
   *
   * @param made what becomes the key if there is none yet
   */
  String key(String made);
}
