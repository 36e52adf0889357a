package dev.longhaul.catalog;

import dev.longhaul.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens that were got in the name of callers, kept encrypted with their jobs for a tool
 * that runs elsewhere.
 */
public interface DelegatedTokens {

  /**
   * Gets a token for one call, in exchange for the caller's own, which is neither stored nor given
   * to the tool. May block.
   *
   * @param tool the tool's identity
   * @param owner the owner that the job will have
   * @param own the access token with which the caller has sent the call; null if there is none
   * @throws DelegationRefusedException if there is none
   */
  Delegated get(String tool, String owner, @Nullable String own);

  /** Deletes the token of a job, which has ended; does not wait. */
  void forget(JobId job);

  /** A token that is not stored yet. */
  @FunctionalInterface
  interface Delegated {
    /** Stores it for a job, before that may start. */
    void keep(JobId job);
  }
}
