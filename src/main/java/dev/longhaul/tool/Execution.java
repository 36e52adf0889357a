package dev.longhaul.tool;

/** Where a tool's calls run. */
public enum Execution {
  /** In the process that took the request, at once, without being stored. For quick tools. */
  INLINE,
  /** As a durable job on a worker. */
  QUEUED
}
