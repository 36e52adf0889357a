package dev.longhaul.mcp.modern;

import java.time.Duration;
import java.util.List;

/** Stores what all processes share to sign {@code requestState}. */
public interface StateStore {
  /** Marks a nonce as used for that long; returns whether it was unused. */
  boolean use(String nonce, Duration life);

  /**
   * The keys of this installation, the one that signs first.
   *
   * @param made the key to store if none is stored yet
   */
  List<String> keys(String made);

  /**
   * Another key signs from now on.
   *
   * @param made that key
   * @param life how long those before are still accepted
   * @return the keys that are accepted, the one that signs first
   */
  List<String> rotate(String made, Duration life);
}
