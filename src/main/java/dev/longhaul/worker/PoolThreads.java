package dev.longhaul.worker;

/** What the jobs of a pool run on. */
public enum PoolThreads {
  /** A virtual thread for each job: for tools that mostly wait. */
  VIRTUAL,
  /**
   * As many platform threads as the pool has slots: for tools that compute. On virtual threads a
   * few of them keep all others of the process from running (DECISIONS.md, "Threads").
   */
  PLATFORM
}
