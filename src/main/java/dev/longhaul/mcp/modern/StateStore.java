package dev.longhaul.mcp.modern;

import java.time.Duration;

/** Stores what all processes share to sign {@code requestState}. */
public interface StateStore {
  /** Marks a nonce as used for that long; returns whether it was unused. */
  boolean use(String nonce, Duration life);

  /**
   * The signing key of this installation.
   *
   * @param made the key to store if none is stored yet
   */
  String key(String made);
}
