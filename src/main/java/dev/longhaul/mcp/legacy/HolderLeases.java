package dev.longhaul.mcp.legacy;

import java.time.Duration;

/** Which processes live that run calls themselves. */
public interface HolderLeases {
  /** A process lives, and is believed to for that long. */
  void renew(String process, Duration lease);

  boolean lives(String process);
}
