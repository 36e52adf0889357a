package dev.longhaul.mcp.legacy;

import java.time.Duration;

/** Stores the leases of processes. */
public interface LeaseStore {
  /** Gives a process a lease of this length, or renews it. */
  void renew(String process, Duration lease);

  /** Whether a process has a lease. */
  boolean isAlive(String process);
}
