package dev.longhaul.worker;

/**
 * The kind of tools that a pool is for. Its jobs run on platform threads in any case, because
 * CPU-bound code on virtual threads delays all other virtual threads.
 */
public enum PoolThreads {
  /** No longer supported; the worker logs a warning and ignores it. */
  VIRTUAL,
  /** For CPU-bound tools: one slot per processor unless concurrency is set. */
  PLATFORM
}
