package dev.longhaul.worker;

/**
 * What a pool is for. Its jobs run on platform threads whatever is said here: a tool that computes
 * on a virtual thread keeps every other virtual thread of the process from running.
 */
public enum PoolThreads {
  /** Not offered any more; the worker warns of it and goes on as if nothing had been set. */
  VIRTUAL,
  /** For tools that compute: as many slots as there are processors, unless concurrency is set. */
  PLATFORM
}
