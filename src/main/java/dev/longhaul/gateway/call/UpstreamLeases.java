package dev.longhaul.gateway.call;

import java.time.Duration;
import java.util.Set;

/** Stores which process of the installation may run a stdio upstream. */
public interface UpstreamLeases {

  /**
   * Takes the leases of upstreams that no other process holds, and renews those of this one.
   *
   * @param process the process, whose name no other one ever has
   * @param lease how long they last from now
   * @return those that the process holds now
   */
  Set<String> hold(String process, Set<String> upstreams, Duration lease);

  /** Ends the leases of these upstreams that the process holds. */
  void giveUp(String process, Set<String> upstreams);
}
