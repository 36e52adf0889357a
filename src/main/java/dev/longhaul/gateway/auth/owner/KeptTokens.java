package dev.longhaul.gateway.auth.owner;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Optional;

/** Stores one sealed text per job. */
public interface KeptTokens {

  /**
   * Stores it.
   *
   * @param life how long it is kept at most
   */
  void put(JobId job, String sealed, Duration life);

  /** What is kept for a job; empty if it was deleted or has expired. */
  Optional<String> find(JobId job);

  /** Deletes it; does not wait. */
  void forget(JobId job);
}
